"""A board whose state folder cannot be used (case 41), and a board in a crash loop (case 42).

  safe_mode_test.py BIN SOURCE: the programs' folder, the project's.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import one_board
from one_board import Board, records, run
from support import wait_for

BIN, SOURCE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
NEW, OLD = "free-movement", "fair-work"  # the channel airs the one, the image was made when it aired the other


def can_mount():
    return subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True).returncode == 0


class BoardCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.tree = one_board.make_channel(BIN, SOURCE, cls.folder, [NEW, OLD], [OLD])
        cls.factory = cls.folder / "factory"
        run(BIN / "riverlight", "carry", "factory", "--channel", cls.tree, "--place", one_board.PLACE, "--to", cls.factory)
        schedule = cls.folder / "source/schedules/mekong.toml"
        schedule.write_text(schedule.read_text().replace(OLD, NEW))
        one_board.publish(BIN, cls.folder)

    def begin(self, name, factory=None, extra="", wrap=None, **more):
        """Starts a new board; `wrap(words)` returns the command line that starts it."""
        state = self.folder / name
        loop = f'[factory]\npath = "{factory or self.factory}"\n'
        self.config = one_board.write_settings(self.folder / f"{name}.toml", state, self.tree, loop + extra, **more)
        return self.again(name, wrap), state

    def again(self, name, wrap=None):
        words = [BIN / "riverlightd", "--config", self.config]
        board = Board(wrap(words) if wrap else words, self.folder / f"{name}.log")
        self.addCleanup(lambda: board.process.poll() is None and board.stop())
        return board

    def wait_on_air(self, board, segment):
        return wait_for(f"{segment} on air", lambda: (board.on_air() or {}).get("segment") == segment and board.on_air())


class Case41(BoardCase):
    def test_case_41_a_file_where_the_state_folder_should_be(self):
        (self.folder / "blocked").write_text("not a folder")
        board, state = self.begin("blocked")
        aired = self.wait_on_air(board, OLD)["airing"]
        self.assertEqual(board.mode(), "no-state")
        for words in ("cannot be used", "The factory loop plays", "Check that the data partition is mounted", "continues by itself"):
            self.assertIn(words.lower(), board.alarms().lower())
            self.assertIn(words.lower(), board.log_text().lower())
        self.assertIn("cannot be used", board.get("/"))
        self.assertIn('riverlight_mode{mode="no-state"} 1', board.get("/metrics"))
        self.assertIn('riverlight_mode{mode="normal"} 0', board.get("/metrics"))

        # The folder is usable again: the same process uses it, the channel, and the records of what aired meanwhile.
        state.unlink()
        wait_for("the normal mode", lambda: board.mode() == "normal")
        self.wait_on_air(board, NEW)
        self.assertIn("All runs again since", board.alarms())
        self.assertEqual(board.stop(), 0)
        run(BIN / "riverlight", "journal", "verify", state)
        taken = {r["airing"]: r for r in records(BIN, state) if "journal_before" in r["evidence"]}
        self.assertEqual(taken[aired]["segment"], OLD)
        self.assertTrue(taken[aired]["started"])

    def test_case_41_an_unmounted_data_partition(self):
        if os.stat(self.folder).st_dev != os.stat("/").st_dev:
            self.skipTest("the temporary folder is a mount of its own")
        board, state = self.begin("unmounted")
        board.stop()
        self.config.write_text(self.config.read_text().replace("format = 1", "format = 1\nown_partition = true"))
        board = self.again("unmounted")
        self.assertEqual(board.mode(), "no-state")
        self.assertIn("its partition is not mounted", board.alarms())

    def test_case_41_a_read_only_folder_that_becomes_writable(self):
        if not can_mount():
            self.skipTest("cannot make a mount namespace here: the read-only state folder was not tested")
        (self.folder / "sealed").mkdir()
        mount = ["unshare", "-m", "sh", "-c", f'mount -t tmpfs -o ro tmpfs {self.folder / "sealed"} && exec "$@"', "sh"]
        board, state = self.begin("sealed", wrap=lambda words: mount + words)
        self.wait_on_air(board, OLD)
        self.assertIn("Read-only file system", board.alarms())
        run("nsenter", "-m", "-t", board.process.pid, "mount", "-o", "remount,rw", state)
        wait_for("the normal mode", lambda: board.mode() == "normal")
        self.wait_on_air(board, NEW)
        self.assertEqual(board.stop(), 0)

    def test_case_41_a_full_partition_keeps_playing_its_release(self):
        if not can_mount():
            self.skipTest("cannot make a mount namespace here: the full state folder was not tested")
        board, state = self.begin("full")
        self.wait_on_air(board, NEW)
        board.stop()
        shutil.copytree(state, self.folder / "full-copy")
        fill = (f'mount -t tmpfs -o size=64m tmpfs {state} && cp -a {self.folder}/full-copy/. {state}/ && '
                f'{{ cat /dev/zero > {state}/filling 2>/dev/null || true; }} && exec "$@"')
        board = self.again("full", lambda words: ["unshare", "-m", "sh", "-c", fill, "sh"] + words)
        self.wait_on_air(board, NEW)
        self.assertEqual(board.mode(), "no-state")
        self.assertIn("No space left on device", board.alarms())
        self.assertIn("the release in it plays", board.alarms())
        run("nsenter", "-m", "-t", board.process.pid, "rm", state / "filling")
        wait_for("the normal mode", lambda: board.mode() == "normal")
        self.assertEqual(board.stop(), 0)

    def test_case_41_a_modified_factory_loop_does_not_air(self):
        factory = self.folder / "changed-factory"
        shutil.copytree(self.factory, factory)
        for file in (factory / "media").iterdir():
            data = bytearray(file.read_bytes())
            data[len(data) // 2] ^= 1
            file.write_bytes(data)
        (self.folder / "changed").write_text("not a folder")
        board, _ = self.begin("changed", factory)
        wait_for("the damage", lambda: "Files of the factory loop that are missing or damaged" in board.alarms())
        wait_for("the slate's frames", lambda: board.status()["outlets"][0]["frames"] > 50)
        self.assertIsNone(board.on_air())

    def test_case_41_without_a_factory_loop_the_slate_is_shown(self):
        (self.folder / "none").write_text("not a folder")
        board, _ = self.begin("none", self.folder / "nothing-there")
        self.assertIn("the slate is shown", board.alarms())
        wait_for("the slate's frames", lambda: board.status()["outlets"][0]["frames"] > 50)
        self.assertIn("riverlight carry factory", board.log_text())


class Case42(BoardCase):
    LASTS = '[safe_mode]\nlasts_s = 5\ntries_again_s = {}\n'
    TWO = '[[outlet]]\nid = "feed"\nspec = "udp://127.0.0.1:9"\n[[outlet]]\nid = "screen"\nspec = "null"\n'

    def fail_five_times(self, name, **more):
        board, state = self.begin(name, **more)
        board.kill()
        for _ in range(4):
            self.assertEqual(self.again_killed(name), "normal")
        return state

    def again_killed(self, name):
        board = self.again(name)
        mode = board.mode()
        board.kill()
        return mode

    def test_case_42_safe_mode_after_five_killed_starts_until_the_leave_command(self):
        state = self.fail_five_times("killed", outlets=self.TWO)
        board = self.again("killed")
        self.assertEqual(board.mode(), "safe")
        aired = wait_for("the factory loop", lambda: next((o["on_air"] for o in (board.status() or {"outlets": []})["outlets"] if (o["on_air"] or {}).get("segment") == OLD), None))["airing"]
        self.assertEqual({o["id"] for o in board.status()["outlets"]}, {"feed", "screen"}, "safe mode keeps every outlet")
        for words in ("Safe mode", "5 times in a row", "without a message", "--leave-safe-mode", "after 60 minutes"):
            self.assertIn(words, board.alarms())
        self.assertIn("Safe mode", board.get("/"))
        self.assertIn('riverlight_mode{mode="safe"} 1', board.get("/metrics"))

        stick = self.folder / "stick"
        stick.mkdir()
        run(BIN / "riverlight", "carry", "out", "--channel", self.tree, "--to", stick, "--place", one_board.PLACE)
        taken = run(BIN / "riverlight", "carry", "in", stick, "--config", self.config, ok=False)
        self.assertNotEqual(taken.returncode, 0)
        self.assertIn("in safe mode", board.status()["stick"]["words"])

        # After an orderly stop and a new start it stays in safe mode.
        board.stop()
        board = self.again("killed")
        self.assertEqual(board.mode(), "safe")
        self.assertIn("5 times in a row", board.alarms())

        self.assertIn("leaves safe mode", run(BIN / "riverlightd", "--config", self.config, "--leave-safe-mode").stdout)
        wait_for("the normal mode", lambda: board.mode() == "normal")
        wait_for("both outlets", lambda: len(board.status()["outlets"]) == 2)
        self.assertIn("Before: Safe mode", board.alarms())
        self.assertIn("not in safe mode", run(BIN / "riverlightd", "--config", self.config, "--leave-safe-mode").stdout)
        self.assertEqual(board.stop(), 0)
        run(BIN / "riverlight", "journal", "verify", state)
        self.assertIn(aired, [r["airing"] for r in records(BIN, state) if "journal_before" in r["evidence"]])

    def test_case_42_safe_mode_ends_by_itself_and_returns_after_one_more_failure(self):
        self.fail_five_times("alone", extra=self.LASTS.format(8))
        board = self.again("alone")
        self.assertEqual(board.mode(), "safe")
        wait_for("one more try", lambda: board.mode() == "normal", 40)
        board.kill()
        board = self.again("alone")
        self.assertEqual(board.mode(), "safe", "one failed start after safe mode leads back at once")

    def test_case_42_a_start_that_lasts_resets_the_count(self):
        state = self.fail_five_times("lasting", extra=self.LASTS.format(600).replace("lasts_s = 5", "failed_starts = 6\nlasts_s = 5"))
        board = self.again("lasting")
        self.assertEqual(board.mode(), "normal")
        wait_for("its having lasted", lambda: not (state / "starts.json").exists(), 40)
        board.kill()
        self.assertEqual(self.again_killed("lasting"), "normal")

    def test_case_42_the_reason_of_a_failed_start_is_shown_and_orderly_stops_do_not_count(self):
        board, state = self.begin("words")
        for _ in range(6):
            board.stop()
            board = self.again("words")
        self.assertEqual(board.mode(), "normal")
        board.stop()
        (state / "starts.json").write_text('{"format": 1, "failed": 5, "words": "the loop has no memory", "safe": false}')
        board = self.again("words")
        self.assertEqual(board.mode(), "safe")
        self.assertIn("the loop has no memory", board.alarms())
        self.wait_on_air(board, OLD)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
