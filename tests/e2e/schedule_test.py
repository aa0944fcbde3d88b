"""`riverlight schedule`: check, preview, why, diff, with right and wrong arguments, and absurd schedules, by the real program."""
import datetime
import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import unittest
import xml.dom.minidom

BIN = pathlib.Path(sys.argv.pop(1)) / "riverlight"

PLACES = """format = 1
country = "TH"
[hours]
guidance = [{ from = "20:00", until = "05:00" }]
late = [{ from = "22:00", until = "05:00" }]
[[places]]
id = "th-1"
name = "ตลาดแม่สอด"
province = "TH-63"
zone = "Asia/Bangkok"
venue = "market"
tags = ["border"]
languages = [{ language = "th", share = 60 }, { language = "shn", share = 40 }]
schedule = "s"
[[places]]
id = "th-2"
name = "Clinic"
province = "TH-10"
zone = "Asia/Bangkok"
venue = "clinic"
tags = []
languages = [{ language = "th", share = 100 }]
schedule = "s"
"""

GOOD = """format = 1
name = "s"
[dayparts.evening]
from = 18:00:00
until = 23:00:00
[[campaign]]
id = "before-you-go"
title = "ก่อนเดินทาง — Before you go"
priority = 60
[[campaign.booking]]
id = "evenings"
kind = "rotation"
dayparts = ["evening"]
segments = ["spot"]
plays_per_hour = 6
[[campaign]]
id = "noon"
priority = 80
[[campaign.booking]]
id = "noon-notice"
kind = "fixed"
start = "hard"
at = 12:00:00
segments = ["spot"]
[[campaign]]
id = "always"
priority = 10
[[campaign.booking]]
id = "always-on"
kind = "filler"
segments = ["fill"]
"""

# Two rotations that together need 70 minutes of each evening hour.
OVERBOOKED = GOOD + """
[[campaign]]
id = "crowd"
priority = 40
[[campaign.booking]]
id = "crowding"
kind = "rotation"
dayparts = ["evening"]
segments = ["spot"]
plays_per_hour = 120
[[campaign]]
id = "clash"
priority = 20
[[campaign.booking]]
id = "noon-too"
kind = "fixed"
start = "hard"
late = "skip"
at = 12:00:10
segments = ["fill"]
"""


def segment(folder, name, seconds, locales, rating="general"):
    sha = f"{abs(hash(name)) % 16:x}" * 64
    at = folder / "segments" / name
    (at / "media").mkdir(parents=True)
    (at / "media" / f"{sha}.mp4").write_bytes(b"0123456789abcdef")
    (at / "segment.json").write_text(json.dumps({
        "format": 1, "id": name, "revision": 1, "duration_ms": seconds * 1000, "rating": rating, "topics": [],
        "fallback_locale": locales[0],
        "files": {sha: {"ext": "mp4", "bytes": 16, "kind": "picture"}},
        "locales": {locale: {"title": name, "picture": sha} for locale in locales}}))


class Channel:
    """A channel source with one country, two places and a few segments."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)
        country = self.path / "countries" / "th"
        country.mkdir(parents=True)
        (country / "places.toml").write_text(PLACES)
        (country / "hotlines.toml").write_text('format = 1\ncountry = "TH"\n[hotlines."*"]\nnumber = "000"\nname = "Hotline"\n')
        cleared = "".join(f'[[clearances]]\nsegment = "{s}"\nrevision = 1\nlocales = ["en", "th"]\n' for s in ("spot", "fill", "night"))
        (country / "clearances.toml").write_text('format = 1\ncountry = "TH"\n' + cleared)
        segment(self.path, "spot", 30, ["en", "th", "shn"])
        segment(self.path, "fill", 20, ["en", "th", "shn"])
        segment(self.path, "night", 30, ["en", "th", "shn"], "late")
        segment(self.path, "uncleared", 30, ["en", "th", "shn"])
        (self.path / "schedules").mkdir()
        self.schedule("s", GOOD)

    def schedule(self, name, text, where="schedules"):
        path = self.path / where / f"{name}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return str(path)


def run(*words, cwd=None, limit=None):
    def limits():
        if limit:
            resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))  # heap and every private writable page
    return subprocess.run([str(BIN), "schedule", *map(str, words)], capture_output=True, text=True, cwd=cwd, timeout=60,
                          preexec_fn=limits, check=False)


class Schedule(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.channel = Channel()

    @classmethod
    def tearDownClass(cls):
        cls.channel.folder.cleanup()

    def ask(self, *words):
        done = run(*words, "--catalogue", self.channel.path)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def refuse(self, *words):
        done = run(*words)
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertNotIn("Traceback", done.stderr)
        return done.stderr + done.stdout

    def check(self, text, *more):
        return run("check", self.channel.schedule("s", text, "elsewhere"), "--catalogue", self.channel.path, "--from", "2026-11-24", *more)

    # check

    def test_a_valid_schedule_passes(self):
        done = self.check(GOOD.replace("ก่อนเดินทาง — ", ""))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("good: 3 campaigns, 3 bookings", done.stdout)

    def test_an_overbooked_daypart_names_the_campaign_and_its_lost_plays(self):
        done = self.check(OVERBOOKED)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, r"s\.toml:\d+: warning: Evening TH is overbooked by \d+ (min|s): campaign crowd loses \d+ of 600 plays")
        self.assertRegex(done.stderr, r"warning: booking noon-too: gives way in TH.*noon-notice.*campaign clash loses 1 of 1 plays")
        self.assertNotEqual(self.check(OVERBOOKED, "--strict").returncode, 0)
        findings = json.loads(self.check(OVERBOOKED, "--json").stdout)["findings"]
        self.assertTrue(all(f["line"] > 0 and f["severity"] == "warning" for f in findings))

    def test_a_booking_that_can_never_air_is_reported_with_line_and_remedy(self):
        cases = {
            '"spot"]\nplays_per_hour = 6': ('"uncleared"]\nplays_per_hour = 6', "has no clearance in TH"),
            'priority = 60': ('priority = 60\naudience = { venues = ["clinik"] }', "did you mean 'clinic'"),
            '"fill"]': ('"fill"]\nnever_on_holidays = ["publik"]', "set of holidays 'publik'"),
            'priority = 80': ("priority = 80\nuntil = 2026-01-01", "is over since 2026-01-01"),
            'at = 12:00:00\nsegments = ["spot"]': ('at = 12:00:00\nsegments = ["night"]', "allows from 22:00 to 05:00 only"),
            'at = 12:00:00': ('at = 12:00:00\nrdates = [2020-02-29]', "none of its days"),
            'kind = "filler"': ('kind = "filer"', "did you mean 'filler'"),
        }
        for old, (new, said) in cases.items():
            with self.subTest(said):
                done = self.check(GOOD.replace(old, new, 1))
                self.assertIn(said, done.stderr)
                self.assertRegex(done.stderr, r"s\.toml:\d+: (warning|error): ")

    def test_a_locale_without_clearance_is_reported(self):
        self.assertIn("is not cleared in TH in shn", self.check(GOOD).stderr)

    def test_all_errors_are_reported_in_one_pass(self):
        bad = GOOD.replace("priority = 60", "priority = 600").replace("hard", "hrad").replace('"filler"', '"filer"')
        done = self.check(bad)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stderr.count(": error: "), 3, done.stderr)

    # preview

    def preview(self, kind, *more):
        return self.ask("preview", "--schedule", "s", "--place", "th-1", "--from", "2026-11-24", "--format", kind, *more)

    def test_preview_in_every_format(self):
        self.assertIn("12:00:00!", self.preview("table"))
        plans = json.loads(self.preview("json", "--days", "2"))["plans"]
        self.assertEqual([p["day"] for p in plans], ["2026-11-24", "2026-11-25"])
        self.assertEqual(self.preview("table", "--json"), self.preview("json"))
        ics = self.preview("ics")
        self.assertEqual(ics.count("BEGIN:VEVENT"), ics.count("END:VEVENT"))
        self.assertIn("DTSTART:20261124T050000Z", ics)
        svg = xml.dom.minidom.parseString(self.preview("svg", "--days", "7"))
        words = "".join(t.firstChild.data for t in svg.getElementsByTagName("text"))
        for word in ("ตลาดแม่สอด", "ก่อนเดินทาง", "Tuesday 2026-11-24", "Monday 2026-11-30", "12:00"):
            self.assertIn(word, words)

    def test_today_is_the_current_broadcast_day(self):
        now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7)))
        for minutes in (-60, 60):  # a broadcast day that began an hour ago, and one that ends in an hour
            start = now + datetime.timedelta(minutes=minutes)
            began = start if minutes < 0 else start - datetime.timedelta(days=1)
            text = GOOD.replace('name = "s"', f'name = "s"\nday_start = "{start:%H:%M}"')
            path = self.channel.schedule("s", text, "elsewhere")
            with self.subTest(minutes):
                plans = json.loads(self.ask("preview", "--schedule", path, "--place", "th-1", "--json"))["plans"]
                self.assertEqual([p["day"] for p in plans], [f"{began:%Y-%m-%d}"])

    def test_preview_reads_and_writes_files(self):
        path = self.channel.schedule("s", OVERBOOKED, "elsewhere")
        out = self.channel.path / "week.svg"
        self.ask("preview", "--schedule", path, "--place", "th-1", "--from", "2026-11-24", "--format", "svg", "--out", out)
        self.assertIn("url(#hatch)", out.read_text())

    def test_errors_of_wrong_arguments_suggest_the_right_ones(self):
        at = ("--catalogue", self.channel.path)
        self.assertIn("did you mean 'th-1'", self.refuse("preview", "--schedule", "s", "--place", "th-l", *at))
        self.assertIn("no schedule 'x'", self.refuse("preview", "--schedule", "x", "--place", "th-1", *at))
        self.assertIn("did you mean 'table'", self.refuse("preview", "--schedule", "s", "--place", "th-1", "--format", "tabel", *at))
        self.assertIn("is not a date", self.refuse("preview", "--schedule", "s", "--place", "th-1", "--from", "tomorrow", *at))
        self.assertIn("--days", self.refuse("preview", "--schedule", "s", "--place", "th-1", "--days", "0", *at))
        self.assertIn("--place", self.refuse("preview", "--schedule", "s", *at))
        self.assertIn("none.toml", self.refuse("check", "none.toml"))
        self.assertIn("is not a folder", self.refuse("preview", "--schedule", "s", "--place", "th-1", "--catalogue", "/none"))
        for command in ("check", "preview", "why", "diff"):
            self.assertIn("--catalogue", run(command, "--help").stdout)

    # diff

    def test_diff_lists_changes_by_campaign(self):
        new = self.channel.schedule("s", GOOD.replace("at = 12:00:00", "at = 12:30:00").replace("plays_per_hour = 6", "plays_per_hour = 4"), "elsewhere")
        words = ("diff", "s", new, "--from", "2026-11-24")
        text = self.ask(*words)
        self.assertIn("noon: 1 -> 1 plays, 1 moved", text)
        self.assertIn("12:30:00  spot in th, noon-notice (was 12:00:00)", text)
        self.assertRegex(text, r"before-you-go: 30 -> 20 plays.*10 lost")
        self.assertIn("th-2", text)
        self.assertNotIn("th-2", self.ask(*words, "--places", "th-1"))
        self.assertGreater(self.ask(*words, "--all").count("always-on"), text.count("always-on"))
        data = json.loads(self.ask(*words, "--json"))
        self.assertEqual(data["campaigns"]["noon"]["moved"], 2)
        self.assertIn("nothing changes", self.ask("diff", "s", "s", "--from", "2026-11-24"))
        self.assertIn("no schedule", self.refuse("diff", "s", "t", "--catalogue", self.channel.path))

    # why

    def test_why_explains_the_airing_and_the_rejected_candidates(self):
        words = ("why", "--schedule", "s", "--place", "th-1")
        text = self.ask(*words, "--at", "2026-11-24T12:00:10")
        self.assertIn("On air: spot in th, 12:00:00 to 12:00:30, for fixed booking noon-notice of campaign noon.", text)
        for other in ("evenings", "always-on"):
            self.assertRegex(text, rf"\n  {other} \(.*\): .+\.\n")
        for same in ("2026-11-24 12:00:10", "2026-11-24T05:00:10Z", "2026-11-24T12:00:10+07:00"):
            self.assertEqual(self.ask(*words, "--at", same), text)
        data = json.loads(self.ask(*words, "--at", "2026-11-24T12:00:10", "--json"))
        self.assertEqual(data["on_air"][0]["booking"], "noon-notice")
        self.assertEqual({o["booking"] for o in data["others"]}, {"evenings", "always-on"})
        at = ("--catalogue", self.channel.path)
        self.assertIn("is not a time", self.refuse(*words, "--at", "noon", *at))
        self.assertIn("--at", self.refuse(*words, *at))

    # absurd sizes

    def test_oversized_schedules_are_refused_with_the_limit(self):
        head = 'format = 1\nname = "s"\n'
        campaign = head + '[[campaign]]\nid = "c"\n'
        booking = '[[campaign.booking]]\nid = "b%d"\nkind = "filler"\nsegments = ["s"]\n'
        one = campaign + booking % 1
        cases = {
            "a million bookings": (campaign + "".join(booking % n for n in range(1_000_000)), "1048576"),
            "many small bookings": (campaign + "booking = [" + "{}," * 11_000 + "]\n", "more than the 10000 allowed"),
            "a day that never comes": (one + 'rrule = "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30"\n', "falls on no day"),
            "every second": (one + 'rrule = "FREQ=SECONDLY"\n', "recurs within a day"),
            "10^5 exceptions": (one + "exdates = [" + "2026-01-01," * 90_000 + "]\n", "more than the 5000 allowed"),
            "10^5 more": (one + "exdates = [" + "2026-01-01," * 100_000 + "]\n", "1048576"),
            "deep arrays": (head + "x = " + "[" * 500_000 + "\n", "nest"),
            "deep tables": (head + "[" + ".".join(["a"] * 400_000) + "]\n", "nest"),
            "a huge string": (head + 'title = "' + "a" * 900_000 + '"\n', "unknown key 'title'"),
            "a long name": (head.replace('"s"', '"' + "a" * 900_000 + '"'), "1,000 bytes"),
            "a huge key": (head + "a" * 900_000 + " = 1\n", "unknown key"),
            "not text": (head + "\0\1\2\n", ":3: error"),
            "endless segments": (one.replace('["s"]', "[" + '"s",' * 2000 + "]"), "more than the 1000 allowed"),
            "many values": (head + "x = [" + "[]," * 300_000 + "]\n", "more than the 200000 values"),
            "many wrong keys": (head + "".join(f"k{n} = 1\n" for n in range(90_000)), "more errors than are listed"),
        }
        for name, (text, said) in cases.items():
            with self.subTest(name):
                path = self.channel.schedule("absurd", text, "elsewhere")
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                done = run("check", path, limit=100_000_000)
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                self.assertEqual(done.returncode, 1)
                self.assertIn(said, done.stderr)
                self.assertLess(len(done.stderr), 100_000)
                self.assertLess(spent, 1, "seconds of processor time, so that other load on the machine does not count")


if __name__ == "__main__":
    unittest.main()
