"""A fleet of 200 boards in trouble lives through days, and the office's figures agree with the fleet's ledger to the row.

  fleet_test.py BIN SOURCE: the programs' folder, the project's.
"""
import json
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import unittest


BIN, SOURCE = (pathlib.Path(a).resolve() for a in sys.argv[1:3])
WEEK = SOURCE / "tools/fleet/scenarios/week.toml"
DAYS, BOARDS = 5, 200
MEMORY = pathlib.Path("/dev/shm")  # an office commits each upload: what disks cost is not measured here


def fleet(*words, seconds=240):
    return subprocess.run([BIN / "riverlight-fleet", *map(str, words)], capture_output=True, text=True, timeout=seconds)


class Fleet(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-fleet-", dir=MEMORY if MEMORY.is_dir() else None))
        self.addCleanup(shutil.rmtree, self.folder)

    def test_office_and_ledger_agree_to_the_row(self):
        done = fleet("run", WEEK, "--folder", self.folder, "--boards", BOARDS, "--days", DAYS, "--json", "--quiet")
        report = json.loads(done.stdout or "{}")
        self.assertEqual((done.returncode, report.get("differences"), done.stderr), (0, [], ""))
        self.assertGreater(report["rows_compared"], BOARDS * DAYS * 15)
        self.assertGreater(report["sums_compared"], BOARDS * DAYS)
        self.assertGreater(report["plays"], BOARDS * DAYS * 15)
        self.assertEqual(report["tried_again"], 0)
        for spread in report["spreads"]:
            self.assertGreater(spread["boards"], BOARDS * 0.8)
            self.assertLess(spread["most_in_a_second"], BOARDS / 20)
        self.serve_refuses("simulated", "--state", self.folder / "state")
        self.serve_refuses("loopback", "--simulated-time", "--state", self.folder / "state", "--listen", "0.0.0.0:0")
        self.serve_refuses("no simulated clock", "--simulated-time", "--state", self.folder / "other")

    def serve_refuses(self, why, *words):
        done = subprocess.run([BIN / "riverlight-office", "serve", *map(str, words)], capture_output=True, text=True, timeout=20)
        self.assertEqual(done.returncode, 1)
        self.assertIn(why, done.stderr)

    def test_a_figure_that_is_wrong_is_found(self):
        """An office of the test's own, whose records are changed while the fleet compares: it says which rows differ, and ends with 1."""
        words = fleet("prepare", WEEK, "--folder", self.folder, "--boards", 3, "--days", 1).stdout.split()
        office = subprocess.Popen([BIN / words[0], *words[1:], "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(office.stdout.close)
        self.addCleanup(office.wait, 20)
        self.addCleanup(office.send_signal, signal.SIGTERM)
        port = next(line.rsplit(" ", 1)[1].strip() for line in office.stdout if "on port" in line)
        with sqlite3.connect(self.folder / "state/office.db", timeout=20) as database:
            for name, event in (("lie", "INSERT"), ("insist", "UPDATE OF assessed")):
                database.execute(f"CREATE TRIGGER {name} AFTER {event} ON airing WHEN new.segment='law' BEGIN UPDATE airing SET assessed='skipped' WHERE id=new.id; END")
        done = fleet("run", WEEK, "--folder", self.folder, "--boards", 3, "--days", 1, "--json", "--quiet", "--url", f"http://127.0.0.1:{port}")
        report = json.loads(done.stdout or "{}")
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertGreater(report["different"], 0)
        self.assertTrue(any(" law " in line for line in report["differences"]), report["differences"])

    def test_figures_are_counted_again_without_the_office(self):
        """The office writes a bundle; another program, which has nothing but this file, gets the same figures, and finds a record that was taken out."""
        fleet("run", WEEK, "--folder", self.folder, "--boards", 6, "--days", 2, "--quiet")
        bundle = self.folder / "bundle.jsonl"
        made = self.run_program("riverlight-office", "proof", "--state", self.folder / "state", "--from", "2026-03-01", "--to", "2026-03-02", "--out", bundle)
        self.assertEqual((made.returncode, made.stderr), (0, ""))
        verdict = self.run_program("riverlight", "proof", "verify", bundle, "--json")
        self.assertEqual((verdict.returncode, verdict.stderr), (0, ""))
        self.assertEqual([found for found in json.loads(verdict.stdout)["findings"] if found["false"]], [])
        lines = bundle.read_text().splitlines(keepends=True)
        records = [number for number, line in enumerate(lines) if json.loads(line)["line"] == "record"]
        self.assertGreater(len(records), 100)
        del lines[records[len(records) // 2]]
        bundle.write_text("".join(lines))
        self.assertEqual(self.run_program("riverlight", "proof", "verify", bundle).returncode, 1)

    def run_program(self, *words):
        return subprocess.run([BIN / words[0], *map(str, words[1:])], capture_output=True, text=True, timeout=60)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
