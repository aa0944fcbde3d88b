"""A board plays whatever has happened to what it keeps, and to the parts that its outlets do not need.

  begin_test.py BIN SOURCE: the programs' folder, the project's.
"""
import hashlib
import json
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import unittest
import urllib.request

import one_board
from one_board import Board, records, run
from support import wait_for

BIN, SOURCE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
SEGMENT = "fair-work"


def listening(port=0):
    """A socket that has the port for itself."""
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    taken.bind(("127.0.0.1", port))
    taken.listen(1)
    return taken, taken.getsockname()[1]


class Begin(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.tree = one_board.make_channel(BIN, SOURCE, cls.folder, [SEGMENT], [SEGMENT])
        cls.config = one_board.write_settings(cls.folder / "base.toml", cls.folder / "base", cls.tree)
        board = Board([BIN / "riverlightd", "--config", cls.config], cls.folder / "base.log")
        wait_for("the first airings", lambda: (board.status() or {}).get("journal", 0) >= 2, 60)
        board.stop()

    def state(self, name):
        """A state folder that has played, for one test."""
        state = self.folder / name
        shutil.copytree(self.folder / "base", state)
        return state

    def settings(self, name, extra=""):
        return one_board.write_settings(self.folder / f"{name}.toml", self.folder / name, self.tree, extra)

    def start(self, name):
        board = Board([BIN / "riverlightd", "--config", self.folder / f"{name}.toml"], self.folder / f"{name}.log")
        self.addCleanup(lambda: board.process.poll() is None and board.stop())
        return board

    def plays(self, board):
        return wait_for("the segment on air", lambda: (board.on_air() or {}).get("segment") == SEGMENT, 20)


class Parts(Begin):
    def test_a_status_port_in_use_does_not_keep_the_board_from_playing(self):
        self.state("port")
        taken, port = listening()
        self.settings("port").write_text((self.folder / "port.toml").read_text().replace("127.0.0.1:0", f"127.0.0.1:{port}"))
        log = open(self.folder / "port.log", "wb")
        process = subprocess.Popen([BIN / "riverlightd", "--config", self.folder / "port.toml"], stdout=log, stderr=log)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        text = lambda: (self.folder / "port.log").read_text(errors="replace")
        wait_for("its being told", lambda: "status page:" in text() and "the board plays without it" in text())
        wait_for("the release", lambda: "is on" in text())
        before = len(records(BIN, self.folder / "port"))
        wait_for("an airing", lambda: len(records(BIN, self.folder / "port")) > before)
        taken.close()

        def page():
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/status", timeout=2) as answer:
                    return json.load(answer)
            except OSError:
                return None
        self.assertEqual(wait_for("the page, once the port is free", page, 40)["mode"], "normal")
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(10), 0)
        log.close()

    def test_the_port_for_boards_nearby_in_use(self):
        self.state("nearby")
        taken, port = listening()
        self.settings("nearby", f'[nearby]\nserve = "127.0.0.1:{port}"\nfind = false\n')
        board = self.start("nearby")
        self.plays(board)
        self.assertIn("Videos are not shared with boards nearby", board.alarms())
        taken.close()
        wait_for("the end of the alarm", lambda: board.status() and "boards nearby" not in board.alarms(), 40)
        self.assertEqual(board.stop(), 0)

    def test_a_board_key_that_is_no_key(self):
        for name, text in (("empty-key", ""), ("rubbish-key", "rubbish")):
            state = self.state(name)
            (state / "board.key").write_text(text)
            (state / "board.key").chmod(0o600)
            self.settings(name, '[office]\nurl = "http://127.0.0.1:9"\nclaim_code = "abcdefgh"\n')
            board = self.start(name)
            self.plays(board)
            self.assertIn("office", board.alarms())
            self.assertEqual(board.stop(), 0)

    def test_a_board_key_that_others_may_read_is_not_used(self):
        state = self.state("open-key")
        (state / "board.key").write_text("{}")
        (state / "board.key").chmod(0o600)
        self.settings("open-key", '[office]\nurl = "http://127.0.0.1:9"\nclaim_code = "abcdefgh"\n')
        board = self.start("open-key")
        wait_for("the key", lambda: (board.status() or {}).get("office"))
        board.stop()
        (state / "board.key").chmod(0o644)
        board = self.start("open-key")
        self.plays(board)
        self.assertIn("cannot report to its office", board.alarms())
        (state / "board.key").chmod(0o600)
        wait_for("the office part", lambda: (board.status() or {}).get("office"), 40)


class Settings(Begin):
    def test_settings_that_are_cut_mistyped_or_gone(self):
        state = self.state("typo")
        text = self.settings("typo").read_text()
        path = self.folder / "typo.toml"
        self.start("typo").stop()  # keeps the copy
        for bad in (text[:len(text) // 2], text.replace("check_s", "chekc_s")):
            path.write_text(bad)
            board = self.start("typo")
            self.plays(board)
            self.assertEqual(board.mode(), "normal")
            self.assertIn("The settings cannot be read", board.alarms())
            self.assertIn("last ones that it could read", board.log_text())
            board.stop()
        path.write_text(text.replace("check_s", "chekc_s"))
        board = self.start("typo")
        self.plays(board)
        path.write_text(text)
        wait_for("the corrected settings", lambda: board.status() and "settings" not in board.alarms())
        self.plays(board)
        self.assertEqual(board.stop(), 0)
        self.assertTrue((state / "settings.json").exists())

    def test_settings_without_a_copy(self):
        self.state("fresh")
        path = self.settings("fresh")
        text = path.read_text()
        path.write_text(text.replace("check_s", "chekc_s"))
        board = self.start("fresh")
        self.plays(board)  # the release that is there, on the outlet that could be read
        self.assertEqual(board.mode(), "no-settings")
        self.assertIn("there is no copy of earlier ones", board.alarms())
        path.write_text(text)
        wait_for("the normal mode", lambda: board.mode() == "normal")
        self.plays(board)
        self.assertEqual(board.stop(), 0)
        self.assertEqual(run(BIN / "riverlight", "journal", "verify", self.folder / "fresh").returncode, 0)
        self.assertTrue([r for r in records(BIN, self.folder / "fresh") if "journal_before" in r["evidence"]])

    def test_settings_without_a_copy_and_without_a_release(self):
        path = self.settings("new")
        path.write_text(path.read_text().replace("check_s", "chekc_s"))
        board = self.start("new")
        self.assertEqual(board.mode(), "no-settings")
        wait_for("the slate", lambda: (board.status() or {"outlets": [{"frames": 0}]})["outlets"][0]["frames"] > 50)

    def test_check_settings(self):
        path = self.settings("checked")
        self.assertEqual(run(BIN / "riverlightd", "--config", path, "--check-settings").returncode, 0)
        path.write_text(path.read_text().replace("check_s", "chekc_s"))
        done = run(BIN / "riverlightd", "--config", path, "--check-settings", ok=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("did you mean 'check_s'", done.stderr)


class Store(Begin):
    def begin(self, name, damage, channel):
        state = self.state(name)
        damage(state / "store")
        path = self.settings(name)
        if not channel:
            path.write_text(path.read_text().replace(f"file://{self.tree}", "http://127.0.0.1:1"))
        return state / "store", self.start(name)

    def test_one_copy_of_everything_is_damaged_and_there_is_no_network(self):
        def ruin(store):
            for fact in (store / "targets").iterdir():
                data = bytearray(fact.read_bytes())
                data[len(data) // 2] ^= 1
                fact.write_bytes(data)
            for file in (store / "trust").glob("*.json"):
                file.write_bytes(b"")
            (store / "current.json").write_bytes((store / "current.json").read_bytes()[:99])
            (store / "good.json").unlink()
            (store / "good.json").mkdir()
            (store / "heard.json").write_text("x")

        store, board = self.begin("store", ruin, channel=False)
        self.plays(board)
        wait_for("its being said", lambda: "Files on the board's card were found damaged" in board.alarms())
        whole = lambda file: hashlib.sha256(file.read_bytes()).hexdigest() == file.name
        wait_for("the repair", lambda: all(map(whole, (store / "targets").iterdir())))
        self.assertEqual((store / "current.json").read_bytes(), (store / "current.copy.json").read_bytes())
        self.assertEqual((store / "good.json").read_bytes(), (store / "good.copy.json").read_bytes())
        self.assertEqual((store / "trust/root.json").read_bytes(), (store / "trust.copies/root.json").read_bytes())
        self.assertEqual(board.stop(), 0)

    def test_a_file_in_place_of_the_folder_of_media(self):
        def ruin(store):
            shutil.rmtree(store / "media")
            (store / "media").write_text("x")

        store, board = self.begin("media-file", ruin, channel=True)
        self.plays(board)
        self.assertEqual(board.mode(), "normal")
        self.assertTrue((store / "media").is_dir())

    def test_a_file_in_place_of_the_folder_of_outlets(self):
        def ruin(store):
            shutil.rmtree(store.parent / "outlets")
            (store.parent / "outlets").write_text("x")

        store, board = self.begin("outlets-file", ruin, channel=True)
        self.plays(board)
        self.assertEqual(board.mode(), "normal")
        self.assertEqual(board.stop(), 0)

    def test_the_current_release_is_lost_and_the_channel_is_there(self):
        def ruin(store):
            for file in store.glob("current*.json"):
                file.write_bytes(file.read_bytes()[:99])
            for file in (store / "trust").rglob("*.json"):
                file.write_bytes(b"")

        store, board = self.begin("lost", ruin, channel=True)
        self.plays(board)
        wait_for("its being current again", lambda: len({file.read_bytes() for file in store.glob("current*.json")}) == 1)
        wait_for("the trust", lambda: all(file.stat().st_size for file in (store / "trust").rglob("*.json")))
        self.assertEqual(board.stop(), 0)


class Journals(Begin):
    def begin(self, name, damage):
        """Starts a board whose journal `damage(state)` has dealt with, and waits until it plays and the old records are back."""
        state = self.state(name)
        old = records(BIN, state)
        damage(state)
        self.settings(name)
        board = self.start(name)
        self.plays(board)
        self.assertEqual(board.mode(), "normal")
        return state, old, board

    def comes_back(self, state, old, board):
        hashes = {r["hash"] for r in old}
        found = lambda: {r["evidence"].get("journal_before") for r in records(BIN, state)}
        wait_for("the old records", lambda: hashes <= found())
        board.stop()
        self.assertEqual(len([r for r in records(BIN, state) if r["evidence"].get("journal_before") in hashes]), len(hashes))
        run(BIN / "riverlight", "journal", "verify", state)

    def sql(self, text):
        def work(state):
            with sqlite3.connect(state / "journal.db") as journal:
                journal.execute(text)
            journal.close()
        return work

    def test_a_journal_of_a_newer_version(self):
        state, old, board = self.begin("newer", self.sql("UPDATE note SET value='2' WHERE name='format'"))
        self.assertIn("newer Riverlight", board.alarms())
        self.comes_back(state, old, board)
        self.assertTrue((state / "journal-set-aside-1.db").exists())

    def test_a_foreign_journal(self):
        state, _, board = self.begin("foreign", self.sql("UPDATE note SET value='other' WHERE name='board'"))
        self.assertIn("is the journal of board 'other'", board.alarms())

    def test_a_folder_in_place_of_the_journal(self):
        def make(state):
            for part in state.glob("journal.db*"):
                part.unlink()
            (state / "journal.db").mkdir()
        state, _, board = self.begin("journal-folder", make)
        board.stop()
        self.assertTrue(records(BIN, state))

    def test_a_garbled_open_airing(self):
        self.begin("garbled", self.sql("INSERT INTO open_airing(airing, json) VALUES('screen/x', '{\"airing\"')"))

    def test_the_first_page_of_the_journal_is_lost(self):
        def ruin(state):
            with open(state / "journal.db", "r+b") as file:
                file.write(b"x" * 100)
        state, old, board = self.begin("no-header", ruin)
        self.comes_back(state, old, board)

    def test_what_a_file_set_aside_still_holds_is_found(self):
        def aside(state):
            (state / "journal.db").rename(state / "journal-set-aside-1.db")
        state, old, board = self.begin("aside", aside)
        self.comes_back(state, old, board)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[3:])
