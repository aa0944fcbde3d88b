"""The demonstration end to end, as tools/run runs it: channel, office, two boards, pages in headless Chromium.

  demo_test.py BIN SOURCE ARTEFACTS: the programs' folder, the project's, where screenshots go.
"""
import csv
import io
import json
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

from support import OwnTime, browser_of, fixture, wait_for

BIN, SOURCE, ARTEFACTS = (pathlib.Path(a) for a in sys.argv[1:4])

try:
    from selenium.webdriver.common.by import By
except ImportError:
    By = None  # the test that needs it skips


def free_ports():
    """A base port P for --ports such that all ports the demonstration uses are free, below those that the kernel gives to other sockets meanwhile."""
    for _ in range(50):
        base = random.randrange(10000, 32700, 20)
        try:
            for port in (base, base + 1, base + 2, base + 10):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return base
        except OSError:
            continue
    raise AssertionError("no free ports")


def processes_with(word):
    """Running processes whose command lines contain `word`, by id, without zombies and this process."""
    found = {}
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(word) in words:
            found[int(path.parent.name)] = words
    return found


class Feed:
    """Receives the feed's datagrams on loopback, as a TV partner does."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    def receive(self, seconds):
        """Bytes that arrive in the next `seconds`."""
        self.socket.setblocking(False)
        try:
            while True:
                self.socket.recv(65536)
        except BlockingIOError:
            pass
        self.socket.settimeout(5)
        out, deadline = bytearray(), time.monotonic() + seconds
        while time.monotonic() < deadline:
            out += self.socket.recv(65536)
        return bytes(out)


class Demo:
    def __init__(self, state, base, feed_port):
        self.state = state
        self.log = state.parent / "demo.log"
        self.log.write_bytes(b"")
        self.out = open(self.log, "ab")
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            ["/usr/bin/python3", SOURCE / "tools/demo/demo.py", "--bin", BIN, "--state", state, "--ports", str(base), "--feed-port", str(feed_port)],
            stdout=self.out, stderr=self.out, start_new_session=True)

    def text(self):
        return self.log.read_text(errors="replace")

    def wait(self, seconds):
        def ready():
            if self.process.poll() is not None:
                raise AssertionError(f"the demonstration ended: {self.text()}")
            return "Riverlight is running" in self.text()
        wait_for("the demonstration", ready, seconds)
        return time.monotonic() - self.started

    def interrupt(self):
        """Sends Ctrl-C, and another signal while it stops. Returns how many seconds the demonstration itself took to end."""
        own = OwnTime(self.process.pid, *processes_with(self.state))
        self.process.send_signal(signal.SIGINT)
        wait_for("it stops", lambda: "Stopping." in self.text(), 5)
        self.process.send_signal(signal.SIGTERM)

        def has_ended():
            own.waited()  # of the programs, as long as they are there
            return self.process.poll() is not None
        wait_for("it ends", has_ended, 20)
        self.out.close()
        if self.process.returncode != 0:
            raise AssertionError(f"the demonstration ended with {self.process.returncode}: {self.text()}")
        return own.passed()


class Office:
    """A signed-in client of the office's JSON pages."""

    def __init__(self, port, user, password):
        self.base = f"http://127.0.0.1:{port}"
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        self.opener.open(f"{self.base}/sign-in", urllib.parse.urlencode(dict(user=user, password=password)).encode(), timeout=5).read()

    def get(self, path):
        with self.opener.open(self.base + path, timeout=10) as answer:
            return answer.read()

    def json(self, path):
        return json.loads(self.get(path))


class Demonstration(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-demo-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.feed, cls.base, cls.state = Feed(), free_ports(), cls.folder / "state"
        cls.addClassCleanup(cls.feed.socket.close)
        # The first run in a build tree makes the demonstration's segments; later ones begin with them, as a second start does.
        kept = fixture(BIN, SOURCE / "tools/demo")
        if kept.exists():
            shutil.copytree(kept, cls.state)
        cls.demo = Demo(cls.state, cls.base, cls.feed.port)
        cls.addClassCleanup(cls.end)
        cls.demo.wait(600)
        if not kept.exists():
            for made in ("channel-source/segments", "stamps"):
                shutil.copytree(cls.state / made, kept.with_suffix(".part") / made)
            kept.with_suffix(".part").rename(kept)
        signed_in = json.loads((cls.state / "sign-in.json").read_text())
        cls.user, cls.password = signed_in["user"], signed_in["password"]
        cls.office = Office(cls.base, cls.user, cls.password)

    @classmethod
    def end(cls):
        if cls.demo.process.poll() is None:
            cls.demo.interrupt()

    def board(self, number):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.base + number}/v1/status", timeout=5) as answer:
            return json.loads(answer.read())

    def airings(self, query=""):
        return self.office.json("/v1/airings?count=1000" + query)["airings"]

    def test_1_boards_are_on_air_and_the_office_shows_them(self):
        for number, locales in ((1, {"km", "en"}), (2, {"th", "en"})):
            on_air = wait_for(f"board {number} on air", lambda n=number: self.board(n)["outlets"][0]["on_air"])
            self.assertIn(on_air["locale"], locales)

        def known():
            boards = {b["board"]: b for b in self.office.json("/v1/boards")["boards"]}
            return all((boards[b]["health"] or {}).get("outlets", [{}])[0].get("on_air") for b in ("kh-pp-01", "th-tv-01")) and boards
        boards = wait_for("both boards in the office", known)
        self.assertEqual({b["state"] for b in boards.values()}, {"active"})

    def test_2_the_office_has_the_boards_records_unchanged(self):
        aired = wait_for("airings of both boards", lambda: (
            lambda rows: rows if {r["record"]["board"] for r in rows if r["record"]["status"] == "aired"} == {"kh-pp-01", "th-tv-01"} else None)(self.airings()), 60)
        for row in aired:
            r = row["record"]
            self.assertEqual(row["country"], {"kh-pp-01": "KH", "th-tv-01": "TH"}[r["board"]])
            if r["status"] == "aired":
                self.assertGreater(r["frames"], 0)
                self.assertTrue(r["sha256"])
        # The feed sends its spots as renditions, not re-encoded; the playback evidence is at most a second old.
        spots = [r["record"] for r in aired if r["record"]["board"] == "th-tv-01" and r["record"]["status"] == "aired"]
        for spot in spots:
            self.assertGreaterEqual(int(spot["evidence"]["frames_spliced"]) + 26, spot["frames"])
        # The journal on the board and what the office holds are the same, hash by hash.
        shown = subprocess.run([BIN / "riverlight", "journal", "show", self.state / "boards/th-tv-01/state/journal.db", "--json"],
                               capture_output=True, text=True, timeout=20)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        kept = {r["seq"]: r["hash"] for r in map(json.loads, shown.stdout.splitlines())} if shown.stdout.lstrip().startswith("{") else \
               {r["seq"]: r["hash"] for r in json.loads(shown.stdout)}
        held = {r["record"]["seq"]: r["record"]["hash"] for r in self.airings("&board=th-tv-01")}
        self.assertTrue(held)
        self.assertEqual({seq: kept.get(seq) for seq in held}, held)

    def test_3_airings_match_the_plan(self):
        def counted():
            planned = self.office.json("/v1/planned")
            tallies = {c["country"]: c["tally"] for c in planned["countries"]}
            return tallies if all(tallies[c]["aired"] + tallies[c]["filler"] > 0 for c in ("KH", "TH")) else None
        tallies = wait_for("airings that count, promised or fillers", counted, 60)
        for country in ("KH", "TH"):
            t = tallies[country]
            self.assertEqual(t["planned"], sum(t[k] for k in ("aired", "partly", "missed", "silent", "upcoming")))
            self.assertEqual(t["unplanned"], 0, "what aired was promised, or is a filler of the plan")
            self.assertGreater(t["upcoming"], 0)
        self.assertEqual(tallies["VN"]["planned"], 0)

    def test_4_the_feed_is_a_transport_stream_that_decodes(self):
        taken = self.feed.receive(6)
        self.assertEqual(len(taken) % 188, 0)
        path = self.folder / "feed.ts"
        path.write_bytes(taken)
        packets = [taken[i:i + 188] for i in range(0, len(taken), 188)]
        self.assertTrue(all(p[0] == 0x47 for p in packets))
        last, jumps = {}, 0
        for p in packets:
            pid, counter, payload = (p[1] & 31) << 8 | p[2], p[3] & 15, p[3] & 16
            if pid != 0x1FFF and payload:
                jumps += pid in last and counter != (last[pid] + 1) % 16
                last[pid] = counter
        self.assertEqual(jumps, 0, "continuity counters")
        done = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=codec_name,width,height,nb_read_frames", "-of", "json", path],
                              capture_output=True, text=True, timeout=60)
        streams = {s["codec_name"]: s for s in json.loads(done.stdout)["streams"]}
        self.assertEqual((streams["h264"]["width"], streams["h264"]["height"]), (1280, 720))
        self.assertGreater(int(streams["h264"]["nb_read_frames"]), 90)

    def test_5_the_export_is_a_valid_table(self):
        raw = self.office.get("/airings.csv?country=TH")
        self.assertTrue(raw.startswith(b"\xef\xbb\xbf"))
        rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
        self.assertTrue(rows)
        self.assertEqual({r["country"] for r in rows}, {"TH"})
        self.assertFalse([c for r in rows for c in r.values() if c and c[0] in "=+-@" and not re.fullmatch(r"-?\d+", c)])
        for row in rows:
            for column in ("planned (ms)", "on air (ms)", "shown (ms)", "clock error (ms)", "frames"):
                self.assertRegex(row[column], r"^\d*$", column)
        aired = next(r for r in rows if r["status"] == "aired")
        question = f"place={aired['place']}&day={aired['day']}"
        raw = self.office.get(f"/v1/as-run?{question}&format=csv")
        spots = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
        self.assertIn((aired["airing"], "aired", aired["hash"]),
                      {(s["airing"], s["status"], s["hash"]) for s in spots})
        self.assertTrue([s for s in spots if s["status"] == "not-aired"])
        self.assertIn(b"<BxfMessage ", self.office.get(f"/as-run?{question}&format=bxf"))
        self.assertIn(b"\nLOI ", self.office.get(f"/as-run?{question}&format=ccms"))

    def test_6_nothing_is_shown_without_sign_in(self):
        for path in ("/boards", "/airings", "/planned", "/airings.csv", "/as-run"):
            with urllib.request.urlopen(f"http://127.0.0.1:{self.base}{path}", timeout=5) as answer:
                self.assertTrue(answer.url.endswith("/sign-in"), path)
        for path in ("/v1/boards", "/v1/airings", "/v1/planned", "/v1/as-run"):
            with self.assertRaises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(f"http://127.0.0.1:{self.base}{path}", timeout=5)
            self.assertEqual(caught.exception.code, 401)
            caught.exception.close()

    def test_7_pages_in_a_browser(self):
        browser = browser_of(self, self.folder)
        ARTEFACTS.mkdir(parents=True, exist_ok=True)

        def shot(name, width, height):
            browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", dict(width=width, height=height, deviceScaleFactor=1, mobile=False))
            browser.save_screenshot(str(ARTEFACTS / f"{name}-{width}.png"))
            wide = browser.execute_script("return document.documentElement.scrollWidth")
            self.assertLessEqual(wide, width, f"{name} at {width} px needs sideways scrolling")

        def text():
            return browser.execute_script("return document.body ? document.body.innerText : ''")

        def shows(pattern):
            wait_for(f"'{pattern}' on the page", lambda: re.search(pattern, text()), 10)
        browser.get(f"http://127.0.0.1:{self.base}/")
        shot("sign-in", 360, 640)
        browser.find_element(By.NAME, "user").send_keys(self.user)
        browser.find_element(By.NAME, "password").send_keys("wrong password")
        browser.find_element(By.CSS_SELECTOR, "main button").click()
        shows("Wrong user or password")
        browser.find_element(By.NAME, "user").send_keys(self.user)
        browser.find_element(By.NAME, "password").send_keys(self.password)
        browser.find_element(By.CSS_SELECTOR, "main button").click()
        shows("All boards")
        for name, words in (("boards", ["kh-pp-01", "th-tv-01", "Retire a board"]), ("airings", ["Export as CSV", "aired"]),
                            ("planned", ["Cambodia", "Thailand", "of what was due aired"])):
            browser.get(f"http://127.0.0.1:{self.base}/{name}")
            for word in words:
                self.assertIn(word, text())
            for width, height in ((1200, 1000), (360, 1600)):
                shot(name, width, height)
        # A filter reduces the list, and the page names the filter.
        browser.get(f"http://127.0.0.1:{self.base}/airings?country=KH&status=aired")
        boards = {cell.text.split("\n")[0] for cell in browser.find_elements(By.CSS_SELECTOR, "td[data-label=Board] div")}
        self.assertEqual(boards, {"kh-pp-01"})
        # A claim code is shown once; a form without the session's token is refused.
        browser.get(f"http://127.0.0.1:{self.base}/boards")
        browser.find_element(By.CSS_SELECTOR, "select[name=place] option[value='vn-hn-01'], select[name=place] option:nth-child(2)").click()
        browser.find_element(By.XPATH, "//button[text()='Make a claim code']").click()
        shows(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}")
        browser.get(f"http://127.0.0.1:{self.base}/boards")
        self.assertNotRegex(text(), r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}")
        browser.execute_script("document.querySelector('form[action=\"/sign-out\"] input').value='0'")
        browser.find_element(By.XPATH, "//button[text()='Sign out']").click()
        shows("not made for your session")
        for number, name in ((1, "screen"), (2, "feed")):
            browser.get(f"http://127.0.0.1:{self.base + number}/")
            wait_for("the outlet's picture", lambda: browser.execute_script("const i=document.querySelector('img');return i.complete&&i.naturalWidth>0"))
            self.assertIn("On air", text())
            shot(f"status-{name}", 1000, 900)
            shot(f"status-{name}", 360, 900)
            shape = browser.execute_script("const i=document.querySelector('img');return i.clientWidth/i.clientHeight")
            self.assertAlmostEqual(shape, 16 / 9, places=1, msg="the outlet's picture is stretched")
        severe = [e["message"] for e in browser.get_log("browser") if e["level"] == "SEVERE" and "favicon" not in e["message"]]
        # The test causes two errors on purpose: the wrong password and the form without our token.
        self.assertEqual([m for m in severe if "403" not in m], [])

    def test_8_stops_within_two_seconds_and_restarts_within_five(self):
        before = len(self.airings())
        self.assertLess(self.demo.interrupt(), 2.0)
        self.assertEqual(processes_with(self.state), {}, "no process is left running")
        type(self).demo = Demo(self.state, self.base, self.feed.port)
        self.assertLess(self.demo.wait(30), 5.0)
        type(self).office = Office(self.base, self.user, self.password)
        self.assertGreaterEqual(len(self.airings()), before, "the reported airings are kept")
        wait_for("on air again", lambda: self.board(1)["outlets"][0]["on_air"])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
