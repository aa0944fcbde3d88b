"""Two boards, one card: the state folder of a board is copied, and both run. The office and both boards say so until a person resolves it.

  twins_test.py BIN SOURCE: the programs' folder, the project's.
"""
import http.cookiejar
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

import one_board
from one_board import Board, records, run
from support import wait_for

BIN, SOURCE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
OTHER = "kh-poi-01"


class Office:
    def __init__(self, folder, tree):
        self.folder, self.tree, self.port = folder / "office", tree, 0
        self.log = folder / "office.log"
        self.start()
        run(BIN / "riverlight-office", "user", "add", "ann", "--state", self.folder, "--password-file", self.password(folder))
        self.jar = http.cookiejar.CookieJar()
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar)).open
        self.post("/sign-in", user="ann", password="a long password")

    def password(self, folder):
        (folder / "password").write_text("a long password\n")
        return folder / "password"

    def start(self):
        self.log.write_bytes(b"")
        self.out = open(self.log, "ab")
        self.process = subprocess.Popen([BIN / "riverlight-office", "serve", "--state", self.folder, "--listen", f"127.0.0.1:{self.port}", "--channel",
                                         f"file://{self.tree}", "--channel-root", self.tree / "metadata/1.root.json"], stdout=self.out, stderr=self.out)
        found = wait_for("the office", lambda: re.search(r"office on port (\d+)", self.log.read_text()))
        self.port = int(found.group(1))

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.out.close()

    def get(self, path):
        return self.open(f"http://127.0.0.1:{self.port}{path}", timeout=10).read().decode()

    def post(self, path, **form):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", urllib.parse.urlencode(form).encode(),
                                         {"Origin": f"http://127.0.0.1:{self.port}"})
        return self.open(request, timeout=10).read().decode()

    def board(self, name):
        return next((b for b in json.loads(self.get("/v1/boards"))["boards"] if b["board"] == name), None)

    def claim(self, place):
        made = run(BIN / "riverlight-office", "claim", "new", "--state", self.folder, "--place", place).stdout
        return re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", made).group(0)

    def approve(self, name):
        found = wait_for(f"the enrolment of {name}", lambda: self.board(name))
        run(BIN / "riverlight-office", "board", "approve", name, "--fingerprint", found["fingerprint"], "--state", self.folder)


class Twins(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-twins-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.tree = one_board.make_channel(BIN, SOURCE, self.folder, ["fair-work", "free-movement"], ["fair-work", "free-movement"])
        self.office = Office(self.folder, self.tree)
        self.addCleanup(lambda: self.office.stop())

    def settings(self, name, code, place=one_board.PLACE):
        path = one_board.write_settings(self.folder / f"{name}.toml", self.folder / name, self.tree,
                                        f'[office]\nurl = "http://127.0.0.1:{self.office.port}"\nclaim_code = "{code}"\n')
        path.write_text(path.read_text().replace(f'id = "{one_board.PLACE}"', f'id = "{place}"'))
        return path

    def start(self, config):
        board = Board([BIN / "riverlightd", "--config", config], self.folder / f"{config.stem}.log")
        self.addCleanup(lambda: board.process.poll() is None and board.stop())
        return board

    @staticmethod
    def office_of(board):
        return (board.status() or {}).get("office") or {}

    def test_two_boards_with_one_card_are_an_alarm_until_a_person_says_which_stays(self):
        code = self.office.claim(one_board.PLACE)
        first = self.start(self.settings("first", code))
        self.office.approve(one_board.PLACE)
        wait_for("records at the office", lambda: (first.status() or {}).get("queue") == 0 and records(BIN, self.folder / "first"), 60)

        # A card that moves to another device, or a restart, is no alarm.
        first.stop()
        shutil.copytree(self.folder / "first", self.folder / "second")
        first = self.start(self.settings("first", code))
        run_before = wait_for("its run", lambda: self.office_of(first).get("run"))
        wait_for("its report", lambda: run_before in json.dumps(self.office.board(one_board.PLACE)["health"]))
        self.assertIsNone(self.office.board(one_board.PLACE)["twins"])

        second = self.start(self.settings("second", code))
        for board in (first, second):
            wait_for("the alarm", lambda: self.office_of(board).get("two_boards"), 60)
            self.assertIn("Another device says that it is this board", board.alarms())
            self.assertIn("Another device says that it is this board", board.get("/"))
            self.assertIsNotNone(board.on_air(), "both play on")
        runs = {name: self.office_of(board)["run"] for name, board in (("first", first), ("second", second))}
        known = self.office.board(one_board.PLACE)["twins"]
        self.assertLessEqual(set(runs.values()), {d["run"] for d in known["devices"]})
        page = self.office.get("/boards")
        self.assertIn(f"Two devices report as {one_board.PLACE}", page)

        # It outlives restarts of the office and of a board that cannot reach it.
        self.office.stop()
        first.stop()
        first = self.start(self.settings("first", code))
        self.assertTrue(wait_for("the alarm, from its own memory", lambda: self.office_of(first).get("two_boards")))
        self.office.start()
        self.assertIn(f"Two devices report as {one_board.PLACE}", self.office.get("/boards"))
        stays = wait_for("its run", lambda: self.office_of(first).get("run"))
        wait_for("its run at the office", lambda: stays in json.dumps(self.office.board(one_board.PLACE)["twins"]), 60)

        # Only a person with a form of their own resolves it.
        with self.assertRaises(urllib.error.HTTPError) as refused:
            self.office.post(f"/boards/{one_board.PLACE}/twins", run=stays, form_token="forged")
        self.assertEqual(refused.exception.code, 403)
        token = re.search(r'name="form_token" value="([^"]+)"', self.office.get("/boards")).group(1)
        self.office.post(f"/boards/{one_board.PLACE}/twins", run=stays, form_token=token)
        self.assertNotIn("Two devices report", self.office.get("/boards"))

        wait_for("the end of the alarm", lambda: first.status() and not self.office_of(first).get("two_boards"), 60)
        wait_for("the copy to give the key up", lambda: "was a copy of another board" in second.alarms(), 90)
        self.assertEqual(self.office_of(second)["state"], "refused")
        self.assertIsNotNone(second.on_air(), "it plays on without a key")
        second.stop()

        # What both aired before is held, each once.
        with sqlite3.connect(self.office.folder / "office.db") as held:
            rows = held.execute("SELECT hash, epoch FROM airing WHERE board=?", [one_board.PLACE]).fetchall()
        held.close()
        self.assertEqual(len({row[0] for row in rows}), len(rows))
        self.assertEqual(len({row[1] for row in rows}), 2, "an epoch of each")
        sent = {r["hash"] for name in ("first", "second") for r in records(BIN, self.folder / name) if r["status"] != "skipped"}
        missing = sent - {row[0] for row in rows}
        self.assertLessEqual(len(missing), 3, "but those that ended just now")

        # The copy enrols again, for its own place and with its own key; neither is an alarm any more.
        second = self.start(self.settings("second", self.office.claim(OTHER), OTHER))
        self.office.approve(OTHER)
        wait_for("its reports", lambda: (self.office.board(OTHER) or {}).get("health"), 60)
        keys = {self.office.board(name)["fingerprint"] for name in (one_board.PLACE, OTHER)}
        self.assertEqual(len(keys), 2)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            for board in (first, second):
                self.assertNotIn("Another device", board.alarms())
            for name in (one_board.PLACE, OTHER):
                self.assertIsNone(self.office.board(name)["twins"])
            wait_for("the next airing", first.on_air)
        first.stop()
        second.stop()


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
