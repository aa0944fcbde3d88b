"""A board whose media are changed on the disk after they were verified: noticed on air, said in the record, fetched again; and one where nothing can be played.

  altered_test.py BIN SOURCE: the programs' folder, the project's folder.
"""
import hashlib
import os
import pathlib
import shutil
import sys
import tempfile
import time
import unittest

from one_board import Board, make_channel, records, write_settings
from support import wait_for

BIN, SOURCE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])


def is_whole(path):
    """False also for a file that was set aside just now."""
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == path.stem


class AlteredTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-altered-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.tree = make_channel(BIN, SOURCE, self.folder, ["fair-work", "free-movement"], ["fair-work", "free-movement"])
        self.state = self.folder / "state"
        self.config = write_settings(self.folder / "board.toml", self.state, self.tree)
        # Files must not be repaired by the next visit before an airing meets them.
        self.config.write_text(self.config.read_text().replace("check_s = 5", "check_s = 12"))

    def start(self):
        board = Board([BIN / "riverlightd", "--config", self.config], self.folder / "log")
        self.addCleanup(board.stop)
        return board

    def media(self):
        return sorted((self.state / "store/media").iterdir())

    def next_airing(self, board):
        before = (board.on_air() or {}).get("airing")
        return wait_for("the next airing", lambda: (on := board.on_air()) and on["airing"] != before and on["airing"], seconds=90)

    def damaged(self):
        return [r for r in records(BIN, self.state) if "media_fault" in r["evidence"]]

    def test_files_altered_on_air_are_said_and_fetched_again(self):
        # A file that is replaced is tests/integration/player/altered_test.cpp's: here the store may repair it before an airing ends.
        changes = {
            "overwritten": lambda path: path.write_bytes(b"x" * path.stat().st_size),
            "cut off": lambda path: os.truncate(path, path.stat().st_size // 2),
        }
        board = self.start()
        for name, change in changes.items():
            with self.subTest(name):
                self.next_airing(board)
                known = len(self.damaged())
                names = {path.name for path in self.media()}
                for path in self.media():
                    change(path)
                found = wait_for("a record of the damage", lambda: self.damaged()[known:], seconds=30)
                self.assertEqual({r["evidence"]["media_fault"] for r in found}, {"altered"})
                self.assertLessEqual({r["evidence"]["media_file"] for r in found}, names)
                wait_for("the files again", lambda: all(is_whole(path) for path in self.media()) and len(self.media()) == len(names), seconds=60)
                airing = self.next_airing(board)
                wait_for("a whole airing", lambda: any(r["status"] == "aired" and not r["evidence"].get("media_fault") and r["seq"] > found[-1]["seq"]
                                                       for r in records(BIN, self.state)), seconds=60)
                self.assertTrue(airing)

    def test_a_board_without_any_media_that_plays_writes_few_records(self):
        board = self.start()
        wait_for("something on air", board.on_air)
        board.stop()
        before = len(records(BIN, self.state))
        kept = {path: path.read_bytes() for path in self.media()}
        shutil.move(self.tree, self.folder / "gone")
        for path in kept:
            path.write_bytes(b"x" * path.stat().st_size)
        board = self.start()
        began = time.monotonic()
        wait_for("the slate", lambda: (s := board.status()) and s["outlets"][0]["on_air"] is None)
        wait_for("some pauses", lambda: time.monotonic() - began > 25, seconds=60)
        for path, content in kept.items():
            path.write_bytes(content)
        wait_for("something on air again", board.on_air, seconds=90)
        wait_for("a whole airing", lambda: any(r["status"] == "aired" for r in records(BIN, self.state)[before:]), seconds=60)
        board.stop()
        failed = [r for r in records(BIN, self.state)[before:] if r["status"] == "failed"]
        self.assertLessEqual(len(failed), 12, [r["reason"] for r in failed])
        runs = [r for r in failed if "failed_airings" in r["evidence"]]
        self.assertTrue(runs, failed)
        self.assertGreater(sum(int(r["evidence"]["failed_airings"]) for r in runs), len(runs))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[3:]])
