"""A board that sends one feed by UDP, SRT, hour files and HLS at once, and whose player is killed.

  feed_test.py BIN: the programs' folder.
"""
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request

from support import OwnTime, free_port, wait_for

BIN = pathlib.Path(sys.argv[1])
CONFIG = '''format = 1
state = "{folder}/state"
[channel]
url = "file://{folder}/no-channel-yet"
root = "{folder}/root.json"
check_s = 5
[place]
id = "th-tv-01"
[[outlet]]
id = "feed"
spec = ["udp://127.0.0.1:{udp}", "file:{folder}/hours/", "hls:?seconds=1&window=4",
        "srt://127.0.0.1:{srt}?mode=listener&passphrase_file={folder}/secret", "srt://127.0.0.1:{dead}?latency=200",
        "srt://127.0.0.1:{used}?mode=listener", "srt://127.0.0.1:{other}?passphrase_file={folder}/secret"]
service = "การทำงานที่เป็นธรรม"
provider = "Riverlight test"
local_time = "THA+07:00"
[status]
listen = "127.0.0.1:0"
'''


class Udp:
    """A UDP receiver on loopback that keeps datagrams and their arrival times."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.2)
        self.port = self.socket.getsockname()[1]
        self.came, self.stopped = [], False
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while not self.stopped:
            try:
                datagram = self.socket.recv(65536)
                self.came.append((time.monotonic(), datagram))
            except socket.timeout:
                pass

    def stop(self):
        self.stopped = True
        self.thread.join()
        self.socket.close()


def counters(stream):
    """Counts continuity counter jumps that are not signalled, and signalled clock discontinuities."""
    last, jumps, said = {}, 0, 0
    for at in range(0, len(stream) - 187, 188):
        p = stream[at:at + 188]
        pid = (p[1] & 0x1f) << 8 | p[2]
        signalled = bool(p[3] & 0x20 and p[4] and p[5] & 0x80)
        said += signalled and bool(p[5] & 0x10)
        if signalled:
            last[pid] = p[3] & 15
        if signalled or pid == 0x1fff or not p[3] & 0x10:
            continue
        jumps += pid in last and p[3] & 15 != (last[pid] + 1) % 16
        last[pid] = p[3] & 15
    return jumps, said


class FeedTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-feed-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.udp = Udp()
        self.addCleanup(self.udp.stop)
        self.srt = free_port()
        (self.folder / "secret").write_text("river-of-light\n")
        used, other = Udp(), free_port()
        self.addCleanup(used.stop)
        self.strict = subprocess.Popen(["ffmpeg", "-nostdin", "-v", "error", "-i", f"srt://127.0.0.1:{other}?mode=listener&passphrase=another-secret", "-f", "null", "-"],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: (self.strict.kill(), self.strict.wait()))
        config = self.folder / "riverlightd.toml"
        config.write_text(CONFIG.format(folder=self.folder, udp=self.udp.port, srt=self.srt, dead=free_port(), used=used.port, other=other))
        self.log = self.folder / "log"
        out = open(self.log, "wb")
        self.board = subprocess.Popen([BIN / "riverlightd", "--config", config], stdout=out, stderr=out)
        self.addCleanup(self.stop, out)

        def port():
            if self.board.poll() is not None:
                raise AssertionError(self.log.read_text())
            return re.search(r"status page on port (\d+)", self.log.read_text())
        self.url = f"http://127.0.0.1:{wait_for('the status page', port).group(1)}"

    def stop(self, out):
        self.board.send_signal(signal.SIGTERM)
        self.board.wait(15)
        out.close()

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=5) as answer:
            return answer.read(), answer.headers

    def outputs(self):
        return json.loads(self.get("/v1/status")[0])["outlets"][0]["outputs"]

    def player(self):
        children = pathlib.Path(f"/proc/{self.board.pid}/task/{self.board.pid}/children").read_text().split()
        return int(children[0]) if children else None

    def test_all_outputs_at_once_and_faults_are_reported(self):
        wait_for("the stream", lambda: len(self.udp.came) > 1500, 60)
        state = wait_for("the alarm about the dead receiver", lambda: (o := self.outputs()) and o[4]["trouble"] and o, 30)
        self.assertIn("no SRT receiver answers", state[4]["words"])
        state = wait_for("the alarms about the used port and the wrong passphrase", lambda: (o := self.outputs()) and o[5]["trouble"] and o[6]["trouble"] and o, 30)
        self.assertIn("something else uses it", state[5]["words"])
        self.assertIn("refuses this outlet's passphrase", state[6]["words"])
        for i in range(3):
            self.assertEqual(("", True), (state[i]["words"], state[i]["sending"]), state[i]["name"])
        self.assertEqual("no receiver has come yet", state[3]["words"])
        page, metrics = self.get("/")[0].decode(), self.get("/metrics")[0].decode()
        for words in ("no SRT receiver answers", "something else uses it", "refuses this outlet&#39;s passphrase"):
            self.assertIn(words, page)
        self.assertIn(f'riverlight_output_sending{{outlet="feed",output="udp://127.0.0.1:{self.udp.port}"}} 1', metrics)
        self.assertNotIn("river-of-light", page + metrics + pathlib.Path(f"/proc/{self.player()}/cmdline").read_text())

        # FFmpeg's SRT receiver, with the right passphrase.
        seen = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "stream=codec_name", "-show_entries", "program_tags=service_name", "-of", "json",
                               f"srt://127.0.0.1:{self.srt}?passphrase=river-of-light&timeout=5000000"], capture_output=True, text=True, timeout=60)
        self.assertIn('"h264"', seen.stdout, seen.stderr)

        body, headers = wait_for("a list of four segments", lambda: (g := self.hls()) and g[0].count(b"#EXTINF") == 4 and g)
        self.assertEqual("application/vnd.apple.mpegurl", headers["Content-Type"])
        self.assertIn(b"#EXT-X-PROGRAM-DATE-TIME:", body)
        segment, headers = self.get("/outlet/feed/" + re.search(rb"live-\d+\.ts", body).group().decode())
        self.assertEqual("video/mp2t", headers["Content-Type"])
        self.assertIn("immutable", headers["Cache-Control"])
        self.assertEqual(0x47, segment[0])
        watched = subprocess.run(["ffmpeg", "-nostdin", "-v", "warning", "-i", self.url + "/outlet/feed/live.m3u8", "-t", "3", "-f", "null", "-"],
                                 capture_output=True, text=True, timeout=90)
        self.assertEqual(0, watched.returncode, watched.stderr)

        stream = b"".join(d for _, d in self.udp.came)
        self.assertIn("การทำงานที่เป็นธรรม".encode(), stream, "the service's name, in its own letters (SDT)")
        self.assertIn(b"THA", stream, "the country of the local time (TOT)")
        hour = sorted((self.folder / "hours").iterdir())[0]
        self.assertRegex(hour.name, r"^\d{4}-\d\d-\d\dT\d\dZ\.ts$")
        self.assertGreater(hour.stat().st_size, 1_000_000)

    def hls(self):
        try:
            return self.get("/outlet/feed/live.m3u8")
        except urllib.error.HTTPError:
            return None

    def test_a_killed_player_leaves_a_gap_of_at_most_a_second(self):
        gaps, own = [], []
        wait_for("the stream", lambda: len(self.udp.came) > 1000, 60)
        for _ in range(3):
            before = len(self.udp.came)
            killed = self.player()
            since = OwnTime(self.board.pid)
            os.kill(killed, signal.SIGKILL)
            wait_for("the stream again", lambda: self.player() not in (None, killed) and len(self.udp.came) > before + 1500, 60)
            times = [t for t, _ in self.udp.came[before - 100:]]
            gaps.append(max(b - a for a, b in zip(times, times[1:])))
            own.append(gaps[-1] - since.waited(self.player()))
        stream = b"".join(d for _, d in self.udp.came)
        jumps, said = counters(stream)
        print(f"gaps after a killed player: {', '.join(f'{g * 1000:.0f} ms' for g in gaps)}; {jumps} counter jumps, {said} discontinuities said; load {os.getloadavg()[0]:.1f}")
        self.assertEqual(3, said, "one for each restart (discontinuity_indicator)")
        # Packets made but not sent before the kill are lost on every PID, and every PID signals the discontinuity.
        self.assertEqual(0, jumps)
        self.assertLess(max(own), 1.0)

    def test_a_killed_daemon_takes_its_player_with_it(self):
        # What is still queued must not go out beside the stream of the next daemon's player.
        wait_for("the stream", lambda: len(self.udp.came) > 1000, 60)
        player = self.player()
        self.board.kill()
        self.board.wait(5)
        killed = time.monotonic()
        since = OwnTime(player)
        wait_for("the player's end", lambda: not pathlib.Path(f"/proc/{player}/cmdline").exists() or not pathlib.Path(f"/proc/{player}/cmdline").read_bytes(), 10)
        last = lambda: self.udp.came[-1][0]
        wait_for("silence", lambda: time.monotonic() - last() > 1, 20)
        self.assertLess(last() - killed - since.waited(), 1.0, "three seconds were queued")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
