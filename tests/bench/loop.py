"""How long a board's one loop is ever away: loop.py BIN SOURCE. Publishes the largest schedule that `channel publish` accepts to a running board, restarts
the board with it, and asks for the status page all the while. Prints the slowest answer in each part; nothing else should run on the machine."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import types
import urllib.request

import boards
from measure import line


class Watch:
    """Asks for the page without a pause, and remembers the slowest answer."""

    def __init__(self, port):
        self.port, self.worst, self.asked, self.on = port, 0.0, 0, True
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while self.on:
            began = time.monotonic()
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/v1/status", timeout=60) as answer:
                answer.read()
            self.worst = max(self.worst, time.monotonic() - began)
            self.asked += 1
            time.sleep(0.005)

    def stop(self):
        self.on = False
        self.thread.join()
        return self.worst


def schedule(rotations):
    return ('format = 1\nname = "mekong"\n[[campaign]]\nid = "always"\ntitle = "Always"\n' + "".join(
        f'[[campaign.booking]]\nid = "b{n}"\nkind = "rotation"\nplays_per_hour = 12\nsegments = ["free-movement", "fair-work"]\n' for n in range(rotations))
        + '[[campaign.booking]]\nid = "f"\nkind = "filler"\nsegments = ["free-movement", "fair-work"]\n')


def publish(b, board, rotations):
    (board.folder / "source/schedules/mekong.toml").write_text(schedule(rotations))
    done = subprocess.run([b.bin / "riverlight", "channel", "publish", "--source", board.folder / "source", "--keys", board.folder / "keys", "--out", board.tree],
                          capture_output=True, text=True)
    return done.returncode == 0, (done.stderr or done.stdout).strip().splitlines()[-1:]


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-loop-"))
    try:
        b = types.SimpleNamespace(bin=pathlib.Path(sys.argv[1]).resolve(), source=pathlib.Path(sys.argv[2]).resolve(), folder=folder)
        board = boards.Board(b, "loop", 4)
        board.config.write_text(board.config.read_text().replace("[place]", "check_s = 5\n[place]", 1))
        board.start()
        watch = Watch(board.port)
        time.sleep(10)
        line("the page's slowest answer in 10 s, two fillers", watch.stop() * 1000, 100, "ms")
        few, many = 1, 300
        print("   300 rotations of 12 an hour:", *publish(b, board, 300)[1])
        while many - few > 1:  # the most that are accepted
            middle = (few + many) // 2
            few, many = (middle, many) if publish(b, board, middle)[0] else (few, middle)
        watch = Watch(board.port)
        publish(b, board, few)
        time.sleep(30)
        line(f"the same in 30 s, while {few} rotations of 12 an hour arrive and are planned", watch.stop() * 1000, 100, "ms")
        board.stop()
        board.start()
        watch = Watch(board.port)
        time.sleep(20)
        line("the same in 20 s after a restart", watch.stop() * 1000, 100, "ms")
        board.stop()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
