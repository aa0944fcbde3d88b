"""A board that boots in 1970, airs segments and learns the time later, and how its office dates those airings (case 55).

  clock_test.py BIN SOURCE: the programs' folder, the project's.
"""
import datetime
import json
import os
import pathlib
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import unittest

import one_board
from one_board import Board, records, run
from support import wait_for

BIN, SOURCE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])


def instant(text):
    return datetime.datetime.fromisoformat(text).timestamp()


class Clock(unittest.TestCase):
    def setUp(self):
        compiler = shutil.which("cc") or shutil.which("gcc")
        if not compiler:
            self.skipTest("no C compiler: the wall clock could not be replaced for the test")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder)
        run(compiler, "-shared", "-fPIC", "-O1", "-o", self.folder / "wall_clock.so", SOURCE / "tests/e2e/wall_clock.c", "-ldl")
        self.set(1000 - int(time.time()), False)  # 00:16:40 in 1970

    def set(self, seconds, synchronised):
        (self.folder / "wall_clock").touch()
        with open(self.folder / "wall_clock", "r+b") as file:  # written in place: the programs have it mapped
            file.write(struct.pack("qq", seconds, synchronised))

    def office(self, tree):
        state = self.folder / "office"
        log = open(self.folder / "office.log", "wb")
        process = subprocess.Popen([BIN / "riverlight-office", "serve", "--state", state, "--listen", "127.0.0.1:0",
                                    "--channel", f"file://{tree}", "--channel-root", tree / "metadata/1.root.json"], stdout=log, stderr=log)
        self.addCleanup(lambda: (process.terminate(), process.wait(10), log.close()))

        def port():
            self.assertIsNone(process.poll(), (self.folder / "office.log").read_text())
            return re.search(r"office on port (\d+)", (self.folder / "office.log").read_text())
        return state, wait_for("the office", port).group(1)

    def test_case_55_airings_before_the_first_time_sync_get_a_time_and_keep_their_signed_stamps(self):
        tree = one_board.make_channel(BIN, SOURCE, self.folder, ["free-movement"], ["free-movement"])
        office, port = self.office(tree)
        made = run(BIN / "riverlight-office", "claim", "new", "--state", office, "--place", one_board.PLACE).stdout
        code = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", made).group(0)
        state = self.folder / "state"
        config = one_board.write_settings(self.folder / "board.toml", state, tree, f'[office]\nurl = "http://127.0.0.1:{port}"\nclaim_code = "{code}"\n')
        began = time.time()
        board = Board(["env", f"LD_PRELOAD={self.folder}/wall_clock.so", f"WALL_CLOCK={self.folder}/wall_clock", BIN / "riverlightd", "--config", config],
                      self.folder / "board.log")
        self.addCleanup(lambda: board.process.poll() is None and board.stop())
        first = wait_for("something on air", board.on_air)
        self.assertTrue(first["started"].startswith("1970-01-01T00:1"), first)
        wait_for("a second airing", lambda: (board.on_air() or first)["airing"] != first["airing"])
        seen = time.time()
        self.set(0, True)
        wait_for("the time", lambda: (board.status() or {}).get("clock") == "synchronised")
        fingerprint = wait_for("its fingerprint", lambda: re.search(r"fingerprint of this board ([0-9a-f -]+)", board.get("/"))).group(1).strip()
        wait_for("the enrolment", lambda: "pending" in json.dumps((board.status() or {}).get("office")))
        run(BIN / "riverlight-office", "board", "approve", one_board.PLACE, "--fingerprint", fingerprint, "--state", office)
        fixed = wait_for("the time fix", lambda: [r for r in records(BIN, state) if r["airing"].startswith("unplanned-clock-")])
        self.assertEqual(len(fixed), 1)
        wait_for("all with the office", lambda: (board.status() or {}).get("queue") == 0, 60)
        board.stop()
        run(BIN / "riverlight", "journal", "verify", state)

        # The office reports no missed airings from before the board's enrolment.
        early = [r for r in records(BIN, state) if r["status"] == "skipped" and not r["airing"].startswith("unplanned")
                 and began - 86400 < instant(r["planned_start"]) < began - 10]
        self.assertEqual(early, [])

        # The as-run lists of board and office both have the true time; the signed record keeps its original stamp.
        original = next(r for r in records(BIN, state) if r["airing"] == first["airing"])
        self.assertTrue(original["started"].startswith("1970-01-01"))
        self.assertNotEqual(original["clock"], "synchronised")
        self.assertEqual(original["boot_id"], pathlib.Path("/proc/sys/kernel/random/boot_id").read_text().strip())

        with sqlite3.connect(office / "office.db") as held:
            rows = held.execute("SELECT placed.started, airing.day, airing.json FROM airing JOIN placed ON placed.id=airing.id WHERE airing.airing=?",
                                [first["airing"]]).fetchall()
        held.close()
        self.assertEqual(len(rows), 1)
        placed, day, kept = rows[0]
        self.assertTrue(began - 1 <= instant(placed) <= seen + 1, (began, placed, seen))
        self.assertEqual(json.loads(kept), original, "as it was signed")
        here = datetime.datetime.fromtimestamp(instant(placed), datetime.timezone(datetime.timedelta(hours=7)))
        self.assertEqual(day, here.date().isoformat())
        listed = run(BIN / "riverlight", "asrun", state, "--day", day, "--zone", "Asia/Phnom_Penh", "--format", "csv").stdout
        self.assertIn(f'{first["airing"]}@{placed}', listed)
        self.assertIn("1970-01-01", listed)

    def test_case_53_a_clock_thirty_days_ahead_signs_nothing_about_times_to_come(self):
        self.set(0, False)
        tree = one_board.make_channel(BIN, SOURCE, self.folder, ["free-movement"], ["free-movement"])
        state = self.folder / "state"
        config = one_board.write_settings(self.folder / "board.toml", state, tree)
        board = Board(["env", f"LD_PRELOAD={self.folder}/wall_clock.so", f"WALL_CLOCK={self.folder}/wall_clock", BIN / "riverlightd", "--config", config],
                      self.folder / "board.log")
        self.addCleanup(lambda: board.process.poll() is None and board.stop())
        wait_for("something on air", board.on_air)
        ahead = 30 * 86400
        self.set(ahead, False)
        wait_for("the doubt", lambda: (board.status() or {}).get("clock") == "floor")
        first = wait_for("an airing", board.on_air)
        wait_for("the next", lambda: (board.on_air() or first)["airing"] != first["airing"])
        self.assertLess(abs(instant(board.status()["at"]) - time.time()), 60)
        self.set(ahead, True)  # now a time daemon says so, too
        wait_for("the belief", lambda: (board.status() or {}).get("clock") == "synchronised")
        believed = time.time() + ahead
        first = wait_for("an airing", board.on_air)
        wait_for("the next", lambda: (board.on_air() or first)["airing"] != first["airing"], 60)
        board.stop()
        held = records(BIN, state)
        gaps = [r for r in held if r["airing"].startswith("unplanned-time-gap-")]
        self.assertEqual(len(gaps), 1)
        self.assertLess(abs(instant(gaps[0]["planned_start"]) - (believed - ahead)), 60)
        self.assertLess(abs(instant(gaps[0]["planned_end"]) - believed), 60)
        about_the_gap = [r for r in held if r["status"] == "skipped" and r["planned_start"] and r not in gaps
                         and believed - ahead < instant(r["planned_start"]) < instant(gaps[0]["planned_end"])]
        self.assertEqual(about_the_gap, [])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
