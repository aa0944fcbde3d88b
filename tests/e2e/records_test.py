"""An office's records move to a server and back, are backed up, checked and restored, by its commands; a fleet that reports meanwhile agrees to the row.

  records_test.py BIN SOURCE CLUSTER: the programs' folder, the project's, the file that says where the tests' PostgreSQL server is.
"""
import json
import pathlib
import secrets
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import unittest


BIN, SOURCE, CLUSTER = (pathlib.Path(a).resolve() for a in sys.argv[1:4])
WEEK = SOURCE / "tools/fleet/scenarios/week.toml"
BOARDS, DAYS = 20, 2
MEMORY = pathlib.Path("/dev/shm")


def run(program, *words, given=""):
    return subprocess.run([BIN / program, *map(str, words)], capture_output=True, text=True, timeout=200, input=given)


class Records(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-records-", dir=MEMORY if MEMORY.is_dir() else None))
        self.addCleanup(shutil.rmtree, self.folder)
        self.socket = CLUSTER.read_text().strip()
        self.database = "records_" + secrets.token_hex(4)
        self.sql("postgres", f"CREATE DATABASE {self.database}")
        self.addCleanup(self.sql, "postgres", f"DROP DATABASE {self.database} WITH (FORCE)")
        self.state = self.folder / "state"

    def sql(self, database, statement):
        subprocess.run(["/usr/lib/postgresql/15/bin/psql", "-qAt", "-h", self.socket, "-U", "office", "-d", database, "-c", statement], check=True, capture_output=True)

    def office(self, command, *words, state=None, given=""):
        return run("riverlight-office", command, *words, "--state", state or self.state, given=given)

    def succeeds(self, command, *words, **more):
        done = self.office(command, *words, **more)
        self.assertEqual((done.returncode, done.stderr), (0, ""), f"{command}: {done.stdout}")
        return done.stdout

    def serve(self, words):
        office = subprocess.Popen([BIN / words[0], *words[1:], "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(office.stdout.close)
        self.addCleanup(office.wait, 20)
        self.addCleanup(office.send_signal, signal.SIGTERM)
        return office, next(line.rsplit(" ", 1)[1].strip() for line in office.stdout if "on port" in line)

    def test_records_are_kept_by_commands_in_either_database(self):
        prepared = run("riverlight-fleet", "prepare", WEEK, "--folder", self.folder, "--boards", BOARDS, "--days", DAYS).stdout.split()
        self.succeeds("migrate-to", "-", given=f"postgresql://office@/{self.database}?host={self.socket}\n")
        self.assertEqual(stat.S_IMODE((self.state / "office.toml").stat().st_mode), 0o600)
        self.assertFalse((self.state / "office.db").exists())
        office, port = self.serve(prepared)
        done = run("riverlight-fleet", "run", WEEK, "--folder", self.folder, "--boards", BOARDS, "--days", DAYS, "--json", "--quiet", "--url", f"http://127.0.0.1:{port}")
        report = json.loads(done.stdout or "{}")
        self.assertEqual((done.returncode, report.get("differences"), done.stderr), (0, [], ""))
        self.assertGreater(report["rows_compared"], BOARDS * DAYS * 10)

        backup = self.folder / "office.backup"  # while it serves
        self.succeeds("backup", backup)
        self.succeeds("check")
        refused = self.office("migrate-to", "office.db")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("stop the office", refused.stderr)
        self.assertEqual(self.office("prune", "--before", "2999-01-01").returncode, 1)
        office.send_signal(signal.SIGTERM)
        office.wait(20)

        other = self.folder / "other"
        other.mkdir()
        shutil.copy(self.state / "office.key", other)
        self.succeeds("restore", backup, state=other)
        self.succeeds("check", state=other)
        self.assertIn("restored from the backup", self.succeeds("verify", state=other))
        self.succeeds("migrate-to", "office.db")
        self.succeeds("check")
        with sqlite3.connect(self.state / "office.db") as file, sqlite3.connect(other / "office.db") as restored:
            for table in ("airing", "day_sum", "tree_node", "kept_plan"):
                rows = f"SELECT * FROM {table} ORDER BY 1, 2, 3"
                self.assertEqual(restored.execute(rows).fetchall(), file.execute(rows).fetchall(), table)
            file.execute("UPDATE day_sum SET aired=aired+1 WHERE (day, place, subject)=(SELECT day, place, subject FROM day_sum LIMIT 1)")
        checked = self.office("check")
        self.assertEqual(checked.returncode, 1)
        self.assertTrue(all(line.startswith("sum: ") for line in checked.stdout.splitlines()), checked.stdout)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
