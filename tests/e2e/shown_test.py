"""What a board's records claim is what left its outlet: a feed without a receiver airs nothing.

  shown_test.py BIN SOURCE: the programs' folder, the project's folder.
"""
import collections
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from one_board import Board, make_channel, records, write_settings
from support import free_port, wait_for

BIN, SOURCE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
FRAMES_A_SECOND = 25


class ShownTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-shown-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.tree = make_channel(BIN, SOURCE, cls.folder, ["fair-work", "free-movement"], ["fair-work", "free-movement"])

    def start(self, name, spec):
        state = self.folder / name
        config = write_settings(self.folder / f"{name}.toml", state, self.tree, outlets=f'[[outlet]]\nid = "feed"\nspec = "{spec}"\n')
        board = Board([BIN / "riverlightd", "--config", config], self.folder / f"{name}.log")
        self.addCleanup(board.stop)
        return board, state

    def next_airing(self, board):
        before = (board.on_air() or {}).get("airing")
        return wait_for("the next airing", lambda: (on := board.on_air()) and on["airing"] != before and on["airing"])

    def check_claims(self, found):
        """Each record agrees with itself, and nothing is aired twice or less than whole."""
        for r in found:
            if not r["started"]:
                continue
            e = r["evidence"]
            self.assertEqual(int(e["frames_spliced"]) + int(e["frames_encoded"]), r["frames"], r)
            self.assertLessEqual(int(e["shown_ms"]), r["frames"] * 1000 // FRAMES_A_SECOND + 1)
            if r["status"] == "aired":
                self.assertGreaterEqual(int(e["shown_ms"]), 0.95 * int(e["length_ms"]))
                self.assertEqual(e["end_shown"], "yes")
        aired = collections.Counter(r["airing"] for r in found if r["status"] == "aired")
        self.assertLessEqual(max(aired.values(), default=0), 1)

    def test_nothing_airs_without_a_receiver(self):
        port = free_port()
        board, state = self.start("listens", f"srt://127.0.0.1:{port}?mode=listener")
        wait_for("something on air", board.on_air)
        unseen = [self.next_airing(board), self.next_airing(board)][0]
        receiver = subprocess.Popen(["ffmpeg", "-nostdin", "-v", "error", "-i", f"srt://127.0.0.1:{port}", "-c", "copy", "-f", "null", "-"],
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: (receiver.kill(), receiver.wait()))
        wait_for("the receiver", lambda: board.status()["outlets"][0]["outputs"][0]["figures"]["receivers"] == 1)
        self.next_airing(board)
        seen = self.next_airing(board)
        self.next_airing(board)
        self.next_airing(board)  # the record of the one before is closed once its last frames have left
        board.stop()
        found = records(BIN, state)
        by_id = {r["airing"]: r for r in found}
        self.assertEqual(by_id[unseen]["status"], "failed", by_id[unseen])
        self.assertEqual(by_id[unseen]["frames"], 0)
        self.assertEqual(by_id[seen]["status"], "aired", by_id[seen])
        self.check_claims(found)

    def test_a_file_that_takes_all_has_aired_it(self):
        board, state = self.start("writes", f"file:{self.folder}/hours/")
        wait_for("something on air", board.on_air)
        whole = self.next_airing(board)
        self.next_airing(board)
        self.next_airing(board)
        board.stop()
        found = records(BIN, state)
        self.check_claims(found)
        self.assertEqual({r["airing"]: r["status"] for r in found}[whole], "aired")
        # The first was joined in progress, unless the board began just then.
        first = min((r for r in found if r["started"]), key=lambda r: r["seq"])
        self.assertEqual(first["status"], "truncated" if int(first["evidence"].get("missed_ms", 0)) > 0.05 * int(first["evidence"]["length_ms"]) else "aired", first)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[3:]])
