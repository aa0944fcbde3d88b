"""A segment with several pictures: a board fetches the one its place asks for, names it in the journal, and falls back to the standard one.

  ladder_test.py BIN SOURCE: the programs' folder, the project's.
"""
import json
import pathlib
import shutil
import sys
import tempfile
import unittest

import one_board
from one_board import PLACE, Board
from support import wait_for

BIN, SOURCE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])


class Ladder(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.tree = one_board.make_channel(BIN, SOURCE, self.folder, ["fair-work"], ["fair-work"], ("--ladder", "1080p-hevc,540p"))
        self.places = self.folder / "source/countries/kh/places.toml"
        self.original_places = self.places.read_text()
        self.manifest = json.loads((self.folder / "source/segments/fair-work/segment.json").read_text())
        self.state = self.folder / "state"

    def request_picture(self, wish):
        self.places.write_text(self.original_places.replace(f'id = "{PLACE}"\n', f'id = "{PLACE}"\n{wish}\n'))
        one_board.publish(BIN, self.folder)

    def file(self, height):
        """Both languages of the place have the same title, so their pictures have the same bytes and one file serves both."""
        words, others = (self.manifest["locales"][locale] for locale in ("km", "en"))
        self.assertEqual((words["picture"], words["ladder"]), (others["picture"], others["ladder"]))
        return next(sha256 for sha256 in (words["picture"], *words["ladder"]) if self.manifest["files"][sha256]["height"] == height)

    def held(self):
        """Heights of the pictures in the board's store."""
        return sorted({self.manifest["files"][path.stem]["height"] for path in (self.state / "store/media").glob("*.mp4")})

    def ended(self):
        return [r for r in one_board.records(BIN, self.state) if r["status"] in ("aired", "substituted") and r["frames"] > 0]

    def of(self, height, status="aired"):
        return [r for r in self.ended() if r["sha256"] == self.file(height) and r["status"] == status]

    def test_a_board_plays_the_requested_picture_and_falls_back_to_the_standard_one(self):
        self.request_picture('picture = { height = 1080, codecs = ["hevc", "h264"] }')
        config = one_board.write_settings(self.folder / "board.toml", self.state, self.tree)
        board = Board([BIN / "riverlightd", "--config", config], self.folder / "board.log")
        self.addCleanup(board.stop)
        wait_for("an airing of the tall picture", lambda: self.of(1080), 60)
        self.assertEqual([1080], self.held(), "only that file was fetched")
        self.assertEqual({self.file(1080)}, {r["sha256"] for r in self.ended()})

        self.request_picture("")
        wait_for("an airing of the standard picture", lambda: self.of(720), 60)
        self.assertEqual([720, 1080], self.held(), "a file no longer needed is kept for a day")

        before = len(self.of(1080))
        self.request_picture('picture = { height = 1080, codecs = ["hevc"] }')
        wait_for("the tall one again", lambda: len(self.of(1080)) > before, 60)
        damaged = self.state / "store/media" / (self.file(1080) + ".mp4")
        size = damaged.stat().st_size
        next(self.tree.rglob(f"*{self.file(1080)}*")).unlink()  # and it cannot be fetched again
        damaged.unlink()
        damaged.write_bytes(bytes(size))
        # Either the player finds the damage and plays the other picture, or the store's self-check does and the next cue names the other picture.
        known = len(self.of(720))
        stood_in = wait_for("the standard picture instead", lambda: self.of(720, "substituted") or self.of(720)[known:], 60)
        for record in stood_in:
            self.assertEqual(record["locale_asked"], record["locale_aired"], "in the language that was asked for")
            if record["status"] == "substituted":
                self.assertIn(self.file(1080), record["reason"])
        self.assertFalse([r for r in one_board.records(BIN, self.state) if r["status"] == "failed"])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
