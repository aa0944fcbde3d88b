"""A board whose channel brings a rendition that its feed could not splice: refused by name when it is fetched, and aired all the same.

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
from support import author, wait_for

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


def spoil(segment):
    """Puts a torn rendition in its place, as one who signs might have."""
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
        source, keys, tree = (self.folder / name for name in ("source", "keys", "tree"))
        for name in ("free-movement", "fair-work"):
            authored = self.folder / "authored" / name
            author(authored, name, {"en": "Work"}, strap=False)
            run(BIN / "riverlight", "segment", "build", authored, "--out", source / "segments" / name, "--profile", "720p25")
        spoil(source / "segments/fair-work")
        for part in ("countries", "schedules"):
            shutil.copytree(SOURCE / "tools/demo" / part, source / part)
        for name in ("mekong", "partner-th"):
            (source / f"schedules/{name}.toml").write_text(f'format = 1\nname = "{name}"\n[[campaign]]\nid = "always"\n[[campaign.booking]]\nid = "on"\n'
                                                           'kind = "filler"\nsegments = ["free-movement", "fair-work"]\n')
        shutil.copy(SOURCE / "tools/demo/channel.toml", source)
        run(BIN / "riverlight", "channel", "init", "--unprotected", "--keys", keys, "--countries", COUNTRIES, "--out", tree)
        run(BIN / "riverlight", "channel", "publish", "--source", source, "--keys", keys, "--out", tree)
        self.udp = Udp()
        self.addCleanup(self.udp.stop)
        config = self.folder / "board.toml"
        config.write_text(CONFIG.format(state=self.folder / "state", tree=tree, port=self.udp.port))
        self.board = Board(config, self.folder / "board.log")
        self.addCleanup(self.board.stop)

    def test_what_cannot_be_spliced_is_refused_by_name_and_airs_encoded(self):
        def refusals():
            return [words for words in self.board.status()["alarms"] if "cannot be spliced" in words]
        said = wait_for("the refusal", refusals, 60)
        self.assertEqual(1, len(said), said)
        self.assertIn("fair-work in en for 720p25", said[0])
        self.assertIn("it is torn", said[0])
        self.assertIn("built and published anew", said[0])
        wait_for("the segment on air", lambda: (self.board.on_air() or {}).get("segment") == "fair-work", 60)
        wait_for("the stream", lambda: len(self.udp.came) > 500)


if __name__ == "__main__":
    import sys
    unittest.main(argv=[sys.argv[0]], verbosity=2)
