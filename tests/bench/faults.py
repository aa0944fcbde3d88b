"""A board under faults: processes killed, a withdrawal on a slow connection, connections that do nothing. damage.py damages files."""
import collections
import concurrent.futures
import http.server
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import socket
import statistics
import sys
import threading
import time
import urllib.error
import urllib.request

from boards import Board
from measure import line, run

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from support import wait_for  # noqa: E402

FEED = '[[outlet]]\nid = "feed"\nspec = "udp://127.0.0.1:{port}"\nprofile = "720p25"\n'
SPOT_S, FRAMES_A_SECOND = 4, 25
RESTART_S = 0.1  # of the bench, which starts a dead daemon again as systemd does (RestartSec=0.1)


def answer_of(board):
    """The board's status; None while its page does not answer."""
    try:
        return board.status()
    except (OSError, ValueError, urllib.error.URLError):
        return None


class Receiver:
    """Receives a feed on a free port and keeps when its datagrams came, by the monotonic clock."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.2)
        self.port = self.socket.getsockname()[1]
        self.times, self.stopped = collections.deque(maxlen=20_000), False
        self.thread = threading.Thread(target=self.receive, daemon=True)
        self.thread.start()

    def receive(self):
        while not self.stopped:
            try:
                self.socket.recv(65536)
                self.times.append(time.monotonic())
            except TimeoutError:
                pass

    def longest_silence(self, since, until):
        heard = [at for at in list(self.times) if since - 1 <= at <= until]
        return max((b - a for a, b in zip(heard, heard[1:] + [until]) if b > since), default=until - since)

    def stop(self):
        self.stopped = True
        self.thread.join()
        self.socket.close()


def players_of(pid):
    """The processes of the daemon `pid` that play."""
    found = []
    for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        words = pathlib.Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        if words[0].endswith(b"riverlight-player") and b"--prove" not in words:
            found.append(int(child))
    return found


def kill_again_and_again(b, number, kills, barrier):
    """Kills a board's player and its daemon in turn. Returns the silences in seconds, by what was killed, and the journal's records."""
    receiver, chance = Receiver(), random.Random(20261129 + number)
    board = Board(b, f"gaps-{number}", SPOT_S, outlets=FEED.format(port=receiver.port), build=("--profile", "720p25"))
    silences = {"player": [], "daemon": []}
    barrier.wait()  # segments are built: from here on the machine only plays
    board.start()
    try:
        wait_for("the feed", lambda: len(receiver.times) > 1000, 30)
        for i in range(kills):
            time.sleep(chance.uniform(0.5, 6))
            what = ("player", "daemon")[i % 2]
            at = time.monotonic()
            if what == "player":
                for player in players_of(board.process.pid):
                    os.kill(player, signal.SIGKILL)
            else:
                board.stop(signal.SIGKILL)
                time.sleep(RESTART_S)
                board.start()
            wait_for("the feed again", lambda: receiver.times[-1] > at + 0.3, 20)
            time.sleep(max(0.0, at + 2.5 - time.monotonic()))
            silences[what].append(receiver.longest_silence(at, time.monotonic()))
    finally:
        board.stop()
        receiver.stop()
    return silences, board.records()


def is_whole(record):
    """By its frames, whatever it says was shown: at least 95 % of a spot's frames left the outlet."""
    return (record["frames"] - record["lost"]) * 100 >= SPOT_S * FRAMES_A_SECOND * 95


def bench_gaps(b):
    boards = 4
    barrier = threading.Barrier(boards)
    with concurrent.futures.ThreadPoolExecutor(boards) as pool:
        results = list(pool.map(lambda n: kill_again_and_again(b, n, b.options.kills // boards, barrier), range(boards)))
    fine, short, twice, airings = True, 0, 0, 0
    for _, records in results:
        aired = [r for r in records if r.get("status") == "aired"]
        airings += len(aired)
        short += sum(not is_whole(r) for r in aired)
        planned = [r["airing"] for r in aired if r.get("planned_start")]
        twice += len(planned) - len(set(planned))
    for what in ("player", "daemon"):
        times = sorted(t for silences, _ in results for t in silences[what])
        note = f"of {len(times)} kills of a {what}"
        fine &= line(f"gaps: a feed's silence, {what}, p50", statistics.median(times), 0.5, "s", note)
        fine &= line(f"gaps: a feed's silence, {what}, p99", times[int(len(times) * 0.99)], 1, "s", note)
        fine &= line(f"gaps: a feed's silence, {what}, worst", times[-1], 2, "s", note)
    print(f"  gaps: {airings} airings called aired; below 95 % of their item {short}, aired twice {twice}  {'ok' if short + twice == 0 else 'FAILED'}", flush=True)
    return fine and short + twice == 0


def is_on(status):
    return status and all((o["on_air"] or {}).get("segment") in ("free-movement", "fair-work") for o in status["outlets"])


class SlowChannel:
    """Serves a channel's tree over HTTP; while `slow`, its media at 100 B/s."""

    def __init__(self, tree):
        outer = self
        self.slow = False

        class Handler(http.server.SimpleHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def __init__(self, *words):
                super().__init__(*words, directory=str(tree))

            def log_message(self, *words):
                pass

            def copyfile(self, source, target):
                if not (outer.slow and self.path.startswith("/targets/media")):
                    return super().copyfile(source, target)
                while outer.slow and (piece := source.read(10)):
                    target.write(piece)
                    target.flush()
                    time.sleep(0.1)
                self.close_connection = True

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.slow = False
        self.server.shutdown()


def bench_withdraw(b):
    check_s, times = 5, []
    for trial in range(3):
        board = Board(b, f"withdraw-{trial}", 2)
        channel = SlowChannel(board.tree)
        board.write_settings(url=channel.url, check_s=check_s)
        board.start()
        try:
            wait_for("the programme", lambda: is_on(answer_of(board)), 30)
            channel.slow = True
            cards = board.folder / "authored/fair-work/cards.toml"
            cards.write_text(cards.read_text().replace("seconds = 2", "seconds = 20"))
            segment = board.folder / "authored/fair-work/segment.toml"
            segment.write_text(segment.read_text() + "revision = 2\n")
            shutil.rmtree(board.source / "segments/fair-work")
            run(b.bin / "riverlight", "segment", "build", board.folder / "authored/fair-work", "--out", board.source / "segments/fair-work")
            for file in board.source.glob("countries/*/clearances.toml"):
                blocks = file.read_text().split("[[clearances]]")
                file.write_text("[[clearances]]".join(x.replace("revision = 1", "revision = 2") if "fair-work" in x else x for x in blocks))
            board.publish()
            wait_for("the slow download", lambda: (answer_of(board) or {}).get("fetching"), 20)
            run(b.bin / "riverlight", "channel", "withdraw", "free-movement", "--source", board.source, "--country", "kh")
            board.publish()
            began = time.monotonic()
            wait_for("the withdrawal", lambda: any("withdrawal-free-movement" in r["airing"] for r in board.records()), 60)
            times.append(time.monotonic() - began)
        finally:
            board.stop()
            channel.stop()
    return line("withdraw: in force while media arrive at 100 B/s", max(times), check_s + 10, "s",
                f"check_s {check_s}; {', '.join(f'{t:.1f}' for t in times)}")


def bench_pages(b):
    idle = 2000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, idle + 500), hard), hard))
    board = Board(b, "pages", 12)
    board.start()
    sockets = []
    try:
        for _ in range(idle):
            sockets.append(socket.create_connection(("127.0.0.1", board.port), timeout=5))
        times = []
        for _ in range(30):
            began = time.monotonic()
            with urllib.request.urlopen(f"http://127.0.0.1:{board.port}/", timeout=10) as page:
                page.read()
            times.append(time.monotonic() - began)
    finally:
        for s in sockets:
            s.close()
        board.stop()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return line("pages: the board's page under 2,000 connections", max(times), 1, "s", f"worst of {len(times)}; median {statistics.median(times):.3f} s")
