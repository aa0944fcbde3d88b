"""A database server that is cut off in the middle of reports, and comes back or is followed by its synchronous replica: the figures agree with a fleet's own ledger to the row, and pages say meanwhile what is going on.

  failover_test.py BIN SOURCE: the programs' folder, the project's.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

from support import wait_for

BIN, SOURCE = (pathlib.Path(a).resolve() for a in sys.argv[1:3])
CLUSTER = SOURCE / "tests/support/postgres_cluster"
WEEK = SOURCE / "tools/fleet/scenarios/week.toml"
BOARDS, DAYS = 30, 3
MEMORY = pathlib.Path("/dev/shm")


class Failover(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-failover-", dir=MEMORY if MEMORY.is_dir() else None))
        self.addCleanup(shutil.rmtree, self.folder)
        self.file = self.folder / "cluster"
        self.cluster("start")
        self.addCleanup(self.cluster, "stop")
        self.socket = self.file.read_text().strip()

    def cluster(self, word):
        subprocess.run([CLUSTER, word, self.file], check=True, timeout=180)

    def begin_fleet(self, servers):
        """A fleet whose boards report to an office with records in `servers`."""
        words = subprocess.run([BIN / "riverlight-fleet", "prepare", WEEK, "--folder", self.folder / "fleet", "--boards", str(BOARDS), "--days", str(DAYS)], capture_output=True, text=True, timeout=60,
                               check=True).stdout.split()
        (self.folder / "fleet/state/office.toml").write_text(f'database = "postgresql://office@/postgres?{servers}"\n')
        self.log = self.folder / "office.log"
        with open(self.log, "wb") as out:
            office = subprocess.Popen([BIN / words[0], *words[1:], "--listen", "127.0.0.1:0"], stdout=out, stderr=out)
        self.addCleanup(office.wait, 60)
        self.addCleanup(office.terminate)
        self.url = "http://127.0.0.1:" + wait_for("the office", lambda: re.search(r"on port (\d+)", self.log.read_text())).group(1)
        self.fleet = subprocess.Popen([BIN / "riverlight-fleet", "run", WEEK, "--folder", self.folder / "fleet", "--boards", str(BOARDS), "--days", str(DAYS), "--json", "--quiet", "--url", self.url],
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.fleet.wait, 10)
        self.addCleanup(self.fleet.kill)
        wait_for("records", lambda: self.count() > 200, 120)

    def count(self, port=5432):
        done = subprocess.run(["psql", "-h", self.socket, "-p", str(port), "-U", "office", "-d", "postgres", "-Atc", "SELECT COUNT(*) FROM airing"], capture_output=True, text=True, timeout=60)
        return int(done.stdout) if done.returncode == 0 else 0

    def page_status(self):
        try:
            return urllib.request.urlopen(self.url + "/sign-in", timeout=30).status, None
        except urllib.error.HTTPError as e:
            return e.code, e.headers["Retry-After"]

    def agrees(self):
        out, err = self.fleet.communicate(timeout=240)
        report = json.loads(out or "{}")
        self.assertEqual((self.fleet.returncode, report.get("differences"), err), (0, [], ""))
        self.assertGreater(report["rows_compared"], BOARDS * DAYS * 10)
        self.assertGreater(report["tried_again"], 0, "the cut came when all had reported")

    def test_a_server_that_comes_back(self):
        self.begin_fleet(f"host={self.socket}")
        self.cluster("cut")
        status, retry = self.page_status()
        self.assertEqual((status, bool(retry)), (503, True))
        self.cluster("restart")
        wait_for("pages", lambda: self.page_status()[0] == 200)
        self.agrees()

    def test_a_synchronous_replica_that_takes_over(self):
        self.cluster("replicate")
        self.begin_fleet(f"host={self.socket},{self.socket}&port=5432,5433")
        self.cluster("cut")
        self.assertEqual(self.page_status()[0], 503, "a replica is not written to")
        self.cluster("promote")
        wait_for("pages", lambda: self.page_status()[0] == 200)
        self.agrees()
        self.assertGreater(self.count(5433), 0)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
