"""A takeover is on screen within half a second of its cue, and the next item follows without a gap, counted in frames of the outlet.

  takeover_test.py BIN
"""
import json
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from support import wait_for

BIN = pathlib.Path(sys.argv[1])
WIDTH, HEIGHT, RATE = 1280, 720, 25
FRAME = len(b"FRAME\n") + WIDTH * HEIGHT * 3 // 2
MOST_FRAMES = 12  # 480 ms


class Player:
    """A real-time player on the capture outlet, and its cue socket."""

    def __init__(self, folder):
        self.frames = folder / "out" / "frames.y4m"
        ours, theirs = socket.socketpair()
        self.line = ours
        self.process = subprocess.Popen([BIN / "riverlight-player", "--outlet", f"capture:{folder / 'out'}", "--cue-fd", str(theirs.fileno())],
                                        pass_fds=[theirs.fileno()])
        theirs.close()
        ours.setblocking(False)
        self.said, self.told = b"", []

    def send(self, command):
        self.line.sendall(json.dumps(command).encode() + b"\n")

    def event(self, kind, airing):
        try:
            while got := self.line.recv(65536):
                self.said += got
        except BlockingIOError:
            pass
        *lines, self.said = self.said.split(b"\n")
        self.told += [json.loads(line) for line in lines]
        return next((e for e in self.told if e["type"] == kind and e.get("airing") == airing), None)

    def left(self):
        """The number of frames the outlet has written."""
        return max(0, self.frames.stat().st_size - 100) // FRAME

    def luma(self):
        """The luma in the middle of each captured frame."""
        data = self.frames.read_bytes()
        head = data.index(b"\n") + 1
        middle = len(b"FRAME\n") + WIDTH * (HEIGHT // 2) + WIDTH // 2
        return [data[at + middle] for at in range(head, len(data) - FRAME + 1, FRAME)]

    def close(self):
        self.process.kill()
        self.process.wait()
        self.line.close()


class TakeoverTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-takeover-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.player = Player(self.folder)
        self.addCleanup(self.player.close)

    def clip(self, name, luma, seconds):
        path = self.folder / f"{name}.mp4"
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"nullsrc=size=320x180:rate={RATE}:duration={seconds},geq=lum='{luma}':cb=128:cr=128",
                        "-f", "lavfi", "-i", f"sine=440:duration={seconds}", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-qp", "4", "-c:a", "aac", path],
                       check=True, timeout=60)
        return path

    def cue(self, airing, picture, kind="cue", **more):
        return {"type": kind, "airing": airing, "picture": str(picture), "locale": "my", **more}

    def test_a_takeover_is_on_within_half_a_second_and_the_next_item_follows_without_a_gap(self):
        rising = self.clip("rising", "16+N", 7)  # each frame says which it is
        alarm = self.clip("alarm", "230", 2)
        text = self.folder / "alarm.vtt"
        text.write_text("WEBVTT\n\n00:00:00.000 --> 00:01:00.000\nရေကြီးမှုသတိပေးချက်\n")
        self.player.send(self.cue("a", rising))
        wait_for("the first item", lambda: self.player.event("on_air", "a"))
        wait_for("its second second", lambda: self.player.event("on_air", "a") and self.player.left() > self.player.event("on_air", "a")["frame"] + 40)
        before = self.player.left()
        # With subtitles and a strap, as a warning has; their fonts are first loaded here.
        self.player.send(self.cue("b", alarm, "takeover", duration_ms=1000, subtitles=str(text), strap={"label": "အကူအညီ", "number": "1663"}))
        self.player.send(self.cue("c", rising, duration_ms=400))
        on = wait_for("the takeover", lambda: self.player.event("on_air", "b"))
        wait_for("the end of the next item", lambda: self.player.event("off_air", "c"))
        self.player.send({"type": "quit"})
        self.player.process.wait(10)

        self.assertLessEqual(on["frame"] - before, MOST_FRAMES, "frames from the cue to the takeover's first")
        luma, first = self.player.luma(), self.player.event("on_air", "a")["frame"]
        shown = on["frame"] - first
        self.assertEqual([round(v) for v in luma[first : on["frame"]]], [16 + n for n in range(shown)], "the first item up to the cut, frame by frame")
        self.assertTrue(all(abs(v - 230) < 4 for v in luma[on["frame"] : on["frame"] + 25]), luma[on["frame"] : on["frame"] + 25])
        self.assertEqual([round(v) for v in luma[on["frame"] + 25 : on["frame"] + 35]], [16 + n for n in range(10)], "the next item, without a frame of slate")
        off = self.player.event("off_air", "a")
        self.assertEqual((off["status"], off["reason"].split(";")[0], off["frames"]), ("truncated", "taken over", shown))
        print(f"takeover on screen {on['frame'] - before} frames after its cue", file=sys.stderr)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
