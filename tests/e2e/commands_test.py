"""Commands of an office that is not there: a folder whose name was mistyped does not become a new office.

  commands_test.py BIN: the programs' folder.
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

BIN = pathlib.Path(sys.argv[1])
DAYS = ["--from", "2026-11-01", "--to", "2026-11-02"]


class Commands(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.state = self.folder / "typo"

    def office(self, *words):
        return subprocess.run([BIN / "riverlight-office", *map(str, words), "--state", str(self.state)], capture_output=True, text=True, timeout=60, input="")

    def test_a_folder_without_an_office_stays_without_one(self):
        (self.folder / "stick").mkdir()
        for words in (["verify"], ["check"], ["board", "list"], ["board", "approve", "kh-pp-01", "--fingerprint", "x"],
                      ["board", "decline", "kh-pp-01", "--fingerprint", "x"], ["board", "keep", "kh-pp-01", "--run", "x"],
                      ["carry", "journals", self.folder / "stick"], ["proof", *DAYS, "--out", self.folder / "proof"],
                      ["backup", self.folder / "backup"], ["prune", "--before", "2026-01-01"], ["migrate-to", "postgresql://127.0.0.1:1/office"]):
            with self.subTest(words[0]):
                for made in (False, True):
                    if made:
                        self.state.mkdir(exist_ok=True)
                    done = self.office(*words)
                    self.assertEqual(done.returncode, 1, done.stderr)
                    self.assertIn(str(self.state), done.stderr)
                    self.assertEqual(sorted(p.name for p in self.folder.rglob("*")), ["stick", "typo"] if made else ["stick"])
                self.state.rmdir()

    def test_what_sets_an_office_up_makes_it(self):
        done = self.office("claim", "new", "--place", "kh-pp-01")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.office("board", "list").returncode, 0)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
