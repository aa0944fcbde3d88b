"""The window outlet on its own X display: the display shows what plays.

  window_test.py BIN
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from support import wait_for

BIN = pathlib.Path(sys.argv[1])


class Display:
    """An Xvfb server that chooses its own display number."""

    def __init__(self):
        read, write = os.pipe()
        self.process = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x720x24", "-nolisten", "tcp", "-noreset"],
                                        pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as said:
            self.name = ":" + said.readline().strip()

    def middle(self):
        """Red, green and blue of the pixel in the middle of the display."""
        done = subprocess.run(["ffmpeg", "-v", "error", "-f", "x11grab", "-video_size", "1280x720", "-i", self.name, "-frames:v", "1", "-vf", "crop=2:2:640:360",
                               "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], capture_output=True, timeout=20)
        return tuple(done.stdout[:3])

    def close(self):
        self.process.terminate()
        self.process.wait(10)


class WindowTest(unittest.TestCase):
    def setUp(self):
        if not shutil.which("Xvfb"):
            self.skipTest("no Xvfb: the window outlet was not tested")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-window-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.display = Display()
        self.addCleanup(self.display.close)

    def clip(self, colour):
        path = self.folder / f"{colour}.mp4"
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"color={colour}:size=1280x720:rate=25:duration=6", "-pix_fmt", "yuv420p", "-c:v", "libx264",
                        "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", path], check=True, timeout=60)
        return path

    def test_items_are_shown_in_order_and_the_player_ends(self):
        clips = [self.clip("red"), self.clip("blue")]
        env = dict(os.environ, DISPLAY=self.display.name, SDL_AUDIODRIVER="dummy", SDL_VIDEODRIVER="x11")
        env.pop("WAYLAND_DISPLAY", None)
        with open(self.folder / "log", "wb") as log:
            process = subprocess.Popen([BIN / "riverlight", "play", *clips, "--outlet", "window"], env=env, stdout=log, stderr=log)
        self.addCleanup(lambda: process.poll() is None and process.kill())

        def shows(which):
            def probe():
                if process.poll() is not None:
                    raise AssertionError(f"it ended: {(self.folder / 'log').read_text()}")
                seen = self.display.middle()
                return len(seen) == 3 and seen[which] > 150 and sum(seen) - seen[which] < 120
            return probe
        wait_for("red on the display", shows(0), 15)
        wait_for("blue on the display", shows(2), 15)
        self.assertEqual(process.wait(20), 0, (self.folder / "log").read_text())

    def test_without_a_display_the_error_says_so(self):
        env = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
        env["SDL_VIDEODRIVER"] = "x11"
        done = subprocess.run([BIN / "riverlight", "play", self.clip("red"), "--outlet", "window"], env=env, capture_output=True, text=True, timeout=30)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("window", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
