"""Two offices serve the same records of PostgreSQL behind HAProxy, with the project's example of its settings. They share sessions and limits; the leader plans; when it is killed the other leads, and no record is lost.

  offices_test.py BIN SOURCE: the programs' folder, the project's.
"""
import http.cookiejar
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.parse
import urllib.request

import one_board
from one_board import Board, records, run
from support import free_port, wait_for

BIN, SOURCE = (pathlib.Path(a).resolve() for a in sys.argv[1:3])
HAPROXY = shutil.which("haproxy", path=os.environ["PATH"] + ":/usr/sbin")
CLUSTER = SOURCE / "tests/support/postgres_cluster"


class Office:
    """One of them: a state folder and a port of its own."""

    def __init__(self, folder, name, database, tree):
        self.state, self.log, self.tree = folder / name, folder / f"{name}.log", tree
        self.state.mkdir()
        (self.state / "office.toml").write_text(f'database = "{database}"\n')

    def start(self):
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen([BIN / "riverlight-office", "serve", "--state", self.state, "--listen", "127.0.0.1:0", "--proxy", "127.0.0.1", "--channel", f"file://{self.tree}",
                                             "--channel-root", self.tree / "metadata/1.root.json"], stdout=out, stderr=out)
        found = wait_for("the office", lambda: re.search(r"office on port (\d+)", self.log.read_text()))
        self.address = f"127.0.0.1:{found.group(1)}"

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)

    def kill(self):
        self.process.kill()
        self.process.wait(20)


class Person:
    """With a browser that keeps cookies."""

    def __init__(self, proxy):
        self.proxy = proxy
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())).open

    def get(self, path, address=None):
        return self.open(f"http://{address or self.proxy}{path}", timeout=20).read().decode()

    def sign_in(self, password, address=None):
        to = address or self.proxy
        form = urllib.parse.urlencode({"user": "ann", "password": password}).encode()
        try:
            return self.open(urllib.request.Request(f"http://{to}/sign-in", form, {"Origin": f"http://{to}"}), timeout=20).status
        except urllib.error.HTTPError as e:
            return e.code


@unittest.skipUnless(HAPROXY, "haproxy is not installed")
class Offices(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-offices-"))
        self.addCleanup(shutil.rmtree, self.folder)
        subprocess.run([CLUSTER, "start", self.folder / "cluster"], check=True, timeout=150)
        self.addCleanup(subprocess.run, [CLUSTER, "stop", self.folder / "cluster"], check=True, timeout=60)
        self.socket = (self.folder / "cluster").read_text().strip()
        self.tree = one_board.make_channel(BIN, SOURCE, self.folder, ["fair-work"], ["fair-work"])
        schedule = self.folder / "source/schedules/mekong.toml"
        schedule.write_text(schedule.read_text() + '[[campaign.booking]]\nid = "often"\nkind = "rotation"\nsegments = ["fair-work"]\nplays_per_hour = 12\n')
        one_board.publish(BIN, self.folder)
        database = f"postgresql://office@/postgres?host={self.socket}"
        self.first, self.second = (Office(self.folder, name, database, self.tree) for name in ("first", "second"))
        self.begin(self.first)
        (self.folder / "password").write_text("a long password\n")
        run(BIN / "riverlight-office", "user", "add", "ann", "--state", self.first.state, "--password-file", self.folder / "password")
        self.proxy = f"127.0.0.1:{free_port()}"

    def begin(self, office):
        office.start()
        self.addCleanup(office.stop)

    def begin_proxy(self):
        places = {"OFFICE_LISTEN": self.proxy, "OFFICE_FIRST": self.first.address, "OFFICE_SECOND": self.second.address}
        self.haproxy = subprocess.Popen([HAPROXY, "-db", "-f", SOURCE / "tools/office/haproxy.cfg"], env={**os.environ, **places}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(self.haproxy.wait, 20)
        self.addCleanup(self.haproxy.terminate)
        wait_for("HAProxy", self.answers)

    def answers(self):
        try:
            return "password" in Person(self.proxy).get("/sign-in")
        except OSError:
            return False

    def releases_of_plans(self):
        """Of which releases the days of the board's place are planned, as the database has it."""
        done = run("psql", "-h", self.socket, "-U", "office", "-d", "postgres", "-At", "-c", f"SELECT DISTINCT release FROM place_day WHERE place='{one_board.PLACE}'")
        return set(done.stdout.split())

    def planned_plays(self, person):
        days = json.loads(person.get("/v1/planned"))["countries"]
        return sum(day["tally"]["planned"] for day in days)

    def test_two_offices_are_one(self):
        # An office with another key would sign receipts that no board accepts.
        refused = subprocess.run([BIN / "riverlight-office", "serve", "--state", self.second.state, "--listen", "127.0.0.1:0"], capture_output=True, text=True, timeout=60)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("office.key", refused.stderr)
        self.assertEqual(run(BIN / "riverlight-office", "key", "--state", self.second.state, ok=False).returncode, 1)
        self.assertFalse((self.second.state / "office.key").exists(), "a key that signs for nothing was made")
        shutil.copy(self.first.state / "office.key", self.second.state)
        self.begin(self.second)
        self.begin_proxy()

        # Who signed in at one is signed in at both, and wrong passwords count wherever they were tried.
        ann = Person(self.proxy)
        self.assertEqual(ann.sign_in("a long password"), 200)
        for office in (self.first, self.second):
            self.assertIn('"boards"', ann.get("/v1/boards", office.address))
        stranger = Person(self.proxy)
        tries = [stranger.sign_in("a guess", office.address) for office in (self.first, self.second) * 3]
        self.assertEqual(tries, [403] * 5 + [429])

        # A board reports to whichever office the proxy chooses; the leader plans for it, whoever let it in.
        code = run(BIN / "riverlight-office", "claim", "new", "--state", self.second.state, "--place", one_board.PLACE).stdout
        code = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", code).group(0)
        settings = one_board.write_settings(self.folder / "board.toml", self.folder / "board", self.tree, f'[office]\nurl = "http://{self.proxy}"\nclaim_code = "{code}"\n')
        board = Board([BIN / "riverlightd", "--config", settings], self.folder / "board.log")
        self.addCleanup(lambda: board.process.poll() is None and board.stop())
        enrolled = wait_for("its enrolment", lambda: json.loads(ann.get("/v1/boards"))["boards"])
        self.approve(ann, enrolled[0])
        wait_for("its plan", lambda: self.planned_plays(ann) > 0, 60)
        wait_for("its records", lambda: records(BIN, self.folder / "board") and (board.status() or {}).get("queue") == 0, 90)

        # The leader is killed: the other leads, the board reports on, and plans follow a release.
        self.first.kill()
        self.publish_another_release()
        before = len(records(BIN, self.folder / "board"))
        wait_for("more records", lambda: len(records(BIN, self.folder / "board")) > before and (board.status() or {}).get("queue") == 0, 90)
        board.stop()
        held = len(records(BIN, self.folder / "board"))
        done = run(BIN / "riverlight-office", "verify", "--state", self.second.state, ok=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertGreater(held, 1)

    def approve(self, person, board):
        """By a form of the office that does not lead."""
        page = person.get("/boards", self.second.address)
        token = re.search(r'name="form_token" value="([^"]+)"', page).group(1)
        form = urllib.parse.urlencode({"form_token": token, "fingerprint": board["fingerprint"]}).encode()
        person.open(urllib.request.Request(f"http://{self.second.address}/boards/{board['board']}/approve", form, {"Origin": f"http://{self.second.address}"}), timeout=20).read()

    def publish_another_release(self):
        """The second office plans by itself now."""
        old = self.releases_of_plans()
        self.assertEqual(len(old), 1)
        schedule = self.folder / "source/schedules/mekong.toml"
        schedule.write_text(schedule.read_text().replace("plays_per_hour = 12", "plays_per_hour = 20"))
        one_board.publish(BIN, self.folder)
        wait_for("the next release's plan", lambda: not self.releases_of_plans() & old, 150)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
