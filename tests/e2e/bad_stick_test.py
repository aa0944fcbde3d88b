"""A stick with read errors: the importer may fail, hang or die; the board plays on and reports it (case 81).

  bad_stick_test.py BIN SOURCE: the programs' folder, the project's.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import one_board
from one_board import Board, run
from support import wait_for

BIN, SOURCE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
OLD, NEW = "fair-work", "free-movement"


class BadStick(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        compiler = shutil.which("cc") or shutil.which("gcc")
        if not compiler:
            raise unittest.SkipTest("no C compiler: the damaged stick was not tested")
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        run(compiler, "-shared", "-fPIC", "-O1", "-o", cls.folder / "bad_stick.so", SOURCE / "tests/e2e/bad_stick.c", "-ldl")
        tree, cls.stick = one_board.make_stick_with_new_release(BIN, SOURCE, cls.folder, OLD, NEW)
        cls.config = one_board.write_settings(cls.folder / "board.toml", cls.folder / "state", tree)
        cls.board = Board([BIN / "riverlightd", "--config", cls.config], cls.folder / "board.log")
        cls.addClassCleanup(cls.board.stop)
        wait_for("something on air", cls.board.on_air)

    def importer(self, how, after):
        log = open(self.folder / f"{how}-{after}.log", "wb")
        self.addCleanup(log.close)
        environment = os.environ | {"LD_PRELOAD": str(self.folder / "bad_stick.so"), "BAD_STICK": str(self.stick),
                                    "BAD_STICK_HOW": how, "BAD_STICK_AFTER": str(after)}
        return subprocess.Popen([BIN / "riverlight", "carry", "in", self.stick, "--config", self.config], env=environment, stdout=log, stderr=log)

    def stick_words(self, state):
        status = self.board.status()
        return status and status["stick"] and status["stick"]["state"] == state and status["stick"]["words"]

    def expect_board_plays_on(self, before):
        """The board still has the release from before, plays its segment, and begins another airing of it."""
        status = self.board.status()
        self.assertEqual(status["release"], before["release"])
        on = status["outlets"][0]["on_air"]
        wait_for("the next airing", lambda: (self.board.on_air() or on or {}).get("airing") != (on or {}).get("airing"))
        self.assertEqual(wait_for("something on air", self.board.on_air)["segment"], OLD)
        self.assertEqual(status["mode"], "normal")
        self.assertEqual(status["outlets"][0]["player_restarts"], before["outlets"][0]["player_restarts"])

    def test_case_81_1_read_errors_at_every_stage_keep_the_release_and_are_reported(self):
        before = self.board.status()
        for after in (0, 1, 2, 4):  # later reads are few: files already read are not read again
            process = self.importer("eio", after)
            self.assertEqual(process.wait(60), 1, f"from read {after} on")
            words = wait_for("what was wrong", lambda: self.stick_words("failed"))
            self.assertIn("The stick's channel was not taken", words)
            self.assertIn("Stick: ", self.board.alarms())
            self.assertIn("was not taken", self.board.get("/"))
        self.expect_board_plays_on(before)

    def test_case_81_2_an_importer_that_dies_is_reported(self):
        before = self.board.status()
        for after in (0, 1, 2):
            self.assertEqual(self.importer("kill", after).wait(60), -9)
            words = wait_for("its end", lambda: self.stick_words("failed"))
            self.assertIn("ended before it was done", words)
            self.assertIn("plays on", words)
            self.assertIn("ended before it was done", self.board.get("/"))
        self.expect_board_plays_on(before)

    def test_case_81_3_a_hung_importer_does_not_stop_the_board_and_its_unit_kills_it(self):
        before = self.board.status()
        process = self.importer("hang", 1)
        wait_for("the import", lambda: self.stick_words("reading"))
        self.expect_board_plays_on(before)
        self.assertIsNone(process.poll())
        self.assertTrue(self.stick_words("reading"))
        process.kill()  # as the unit does at its deadline and when the stick is pulled
        process.wait(10)
        self.assertIn("ended before it was done", wait_for("its end", lambda: self.stick_words("failed")))
        ended = subprocess.run([BIN / "riverlight", "carry", "ended", "--config", self.config], timeout=30,
                               env=os.environ | {"SERVICE_RESULT": "timeout", "EXIT_STATUS": "KILL"})
        self.assertEqual(ended.returncode, 0)
        self.assertIn("ended before it was done", wait_for("the note", lambda: self.stick_words("failed")))

    def test_case_81_4_a_filesystem_that_cannot_be_mounted_is_reported(self):
        before = self.board.status()
        run("env", "SERVICE_RESULT=exit-code", "EXIT_STATUS=32", BIN / "riverlight", "carry", "ended", "--config", self.config)
        self.assertIn("could not be opened", wait_for("the note", lambda: self.stick_words("failed")))
        self.expect_board_plays_on(before)

    def test_case_81_5_the_repaired_stick_is_imported(self):
        process = self.importer("eio", 1_000_000)
        self.assertEqual(process.wait(60), 0, (self.folder / "eio-1000000.log").read_text())
        wait_for("the new release", lambda: (self.board.on_air() or {}).get("segment") == NEW)
        self.assertIn("was taken from the stick", wait_for("its words", lambda: self.stick_words("done")))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
