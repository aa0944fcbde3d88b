"""Boards with renditions: a rendition that a feed cannot splice is refused by name when fetched, and its segment still airs; a rendition
with a sign-language interpreter goes to the partner that asks for one.

  renditions_test.py BIN SOURCE: the programs' folder, the project's.
"""
import hashlib
import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from board_test import BIN, COUNTRIES, SOURCE, Board, run
from feed_test import Udp
from one_board import records
from support import author, build_segment, wait_for

CONFIG = '''format = 1
state = "{state}"
[channel]
url = "file://{tree}"
root = "{tree}/metadata/1.root.json"
check_s = 5
[place]
id = "th-tv-01"
[[outlet]]
id = "feed"
spec = "udp://127.0.0.1:{port}"
profile = "720p25"
[status]
listen = "127.0.0.1:0"
'''


def damage_rendition(segment):
    """Replaces the segment's rendition with a truncated one, as a faulty author's tool could before signing."""
    manifest = json.loads((segment / "segment.json").read_text())
    renditions = manifest["locales"]["en"]["renditions"]
    old = renditions["720p25"]
    facts = manifest["files"].pop(old)
    file, short = segment / f"media/{old}.mp4", segment / "media/short.mp4"
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", file, "-c", "copy", "-frames:v", "50", short], check=True, timeout=60)
    facts["bytes"] = short.stat().st_size
    renditions["720p25"] = hashlib.sha256(short.read_bytes()).hexdigest()
    manifest["files"][renditions["720p25"]] = facts
    short.rename(segment / f"media/{renditions['720p25']}.mp4")
    file.unlink()
    (segment / "segment.json").write_text(json.dumps(manifest))


class Renditions(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.source, self.state = self.folder / "source", self.folder / "state"
        shutil.copytree(SOURCE / "tools/demo/countries", self.source / "countries")
        shutil.copy(SOURCE / "tools/demo/channel.toml", self.source)

    def build(self, name, *profiles, sign=False):
        authored, out = self.folder / "authored" / name, self.source / "segments" / name
        author(authored, name, {"en": "Work", "th": "งาน"} if sign else {"en": "Work"}, strap=sign)
        if sign:  # a plain colour that nothing else on a card has
            subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "color=0xff00ff:size=300x400:rate=25:duration=4", "-pix_fmt", "yuv420p",
                            authored / "th/sign-csd.mp4"], check=True, timeout=60)
        build_segment(BIN, authored, out, *[word for profile in profiles for word in ("--profile", profile)])
        return out

    def begin(self, *segments):
        """Starts a partner's board that airs `segments`."""
        keys, tree = self.folder / "keys", self.folder / "tree"
        (self.source / "schedules").mkdir()
        for name in ("mekong", "partner-th"):
            (self.source / f"schedules/{name}.toml").write_text(
                f'format = 1\nname = "{name}"\n[[campaign]]\nid = "always"\n[[campaign.booking]]\nid = "on"\nkind = "filler"\nsegments = {json.dumps(segments)}\n')
        run(BIN / "riverlight", "channel", "init", "--unprotected", "--keys", keys, "--countries", COUNTRIES, "--out", tree)
        run(BIN / "riverlight", "channel", "publish", "--source", self.source, "--keys", keys, "--out", tree)
        self.udp = Udp()
        self.addCleanup(self.udp.stop)
        config = self.folder / "board.toml"
        config.write_text(CONFIG.format(state=self.state, tree=tree, port=self.udp.port))
        self.board = Board(config, self.folder / "board.log")
        self.addCleanup(self.board.stop)

    def test_a_feed_with_sign_language_sends_the_rendition_with_an_interpreter(self):
        places = self.source / "countries/th/places.toml"
        places.write_text(places.read_text().replace('outlet = "feed"\n', 'outlet = "feed"\nsigns = ["csd"]\n', 1))
        hotlines = self.source / "countries/th/hotlines.toml"  # a rendition shows the segment's hotline number; here it equals the country's
        hotlines.write_text(hotlines.read_text().replace("000 000 066", "000"))
        built = self.build("free-movement", "720p25", "720p25+csd", sign=True)
        renditions = json.loads((built / "segment.json").read_text())["locales"]["th"]["renditions"]
        self.begin("free-movement")

        def aired():
            return [r for r in records(BIN, self.state) if r["status"] == "aired" and r["frames"] >= 100]
        record = wait_for("a complete airing", aired, 60)[0]
        self.assertEqual(("csd", str(record["frames"])), (record["evidence"]["sign"], record["evidence"]["sign_frames"]))
        self.assertGreaterEqual(int(record["evidence"]["frames_spliced"]), record["frames"] - 26, "it was not encoded")
        held = {path.stem for path in (self.state / "store/media").glob("*.mp4")}
        self.assertIn(renditions["720p25+csd"], held)
        self.assertNotIn(renditions["720p25"], held, "media that are not sent are not fetched")
        stream, small = self.folder / "came.ts", self.folder / "small.rgb"
        stream.write_bytes(b"".join(datagram for _, datagram in list(self.udp.came)[-2000:]))
        subprocess.run(["ffmpeg", "-nostdin", "-v", "quiet", "-y", "-i", stream, "-frames:v", "30", "-vf", "scale=128:72", "-pix_fmt", "rgb24", "-f", "rawvideo", small], check=True, timeout=60)
        last = small.read_bytes()[-128 * 72 * 3:]
        pixels = [(last[at], last[at + 1], last[at + 2], at // 3 % 128) for at in range(0, len(last), 3)]
        interpreter = [x for r, g, b, x in pixels if r > 180 and g < 80 and b > 180]
        self.assertAlmostEqual(len(interpreter) / len(pixels), 1 / 6, delta=0.03, msg="a sixth of the partner's picture")
        self.assertGreater(min(interpreter), 64, "at its right")

    def test_a_rendition_that_cannot_be_spliced_is_refused_and_its_segment_airs_encoded(self):
        for name in ("free-movement", "fair-work"):
            self.build(name, "720p25")
        damage_rendition(self.source / "segments/fair-work")
        self.begin("free-movement", "fair-work")

        def refusals():
            return [words for words in self.board.status()["alarms"] if "cannot be spliced" in words]
        said = wait_for("the refusal", refusals, 60)
        self.assertEqual(1, len(said), said)
        self.assertIn("fair-work in en for 720p25", said[0])
        self.assertIn("it is damaged", said[0])
        self.assertIn("publish it again", said[0])
        wait_for("the segment on air", lambda: (self.board.on_air() or {}).get("segment") == "fair-work", 60)
        wait_for("the stream", lambda: len(self.udp.came) > 500)


if __name__ == "__main__":
    import sys
    unittest.main(argv=[sys.argv[0]], verbosity=2)
