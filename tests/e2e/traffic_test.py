"""A TV partner's paperwork end to end: a guide ahead, a board that plays, as-run lists in every format, reconciliation.

  traffic_test.py BIN SOURCE: the programs' folder, the project's.
"""
import csv
import datetime
import io
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

from board_test import BIN, COUNTRIES, SOURCE, Board, run
from support import author, build_segment, wait_for

DTD = "/usr/share/xmltv/xmltv.dtd"
BXF = "{http://smpte-ra.org/schemas/2021/2023/BXF}"
SEGMENTS = ["free-movement", "fair-work"]
TITLES = {"en": "Fair <work> & pay", "km": "ការងារសមរម្យ"}


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class TrafficTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.source = cls.folder / "source"
        for name in SEGMENTS:
            authored = cls.folder / "authored" / name
            author(authored, name, TITLES)
            build_segment(BIN, authored, cls.source / "segments" / name)
        for part in ("countries", "schedules"):
            shutil.copytree(SOURCE / "tools/demo" / part, cls.source / part)
        for name in ("mekong", "partner-th"):
            (cls.source / f"schedules/{name}.toml").write_text(
                f'format = 1\nname = "{name}"\n[[campaign]]\nid = "always"\ntitle = "Always"\n'
                '[[campaign.booking]]\nid = "always-on"\nkind = "filler"\nsegments = ["free-movement"]\n'
                '[[campaign]]\nid = "spots"\ntitle = "Spots"\n[[campaign.booking]]\nid = "often"\n'
                'kind = "rotation"\nplays_per_hour = 240\nsegments = ["fair-work"]\n')
        shutil.copy(SOURCE / "tools/demo/channel.toml", cls.source)
        keys, tree = cls.folder / "keys", cls.folder / "tree"
        run(BIN / "riverlight", "channel", "init", "--unprotected", "--keys", keys, "--countries", COUNTRIES,
            "--out", tree)
        run(BIN / "riverlight", "channel", "publish", "--source", cls.source, "--keys", keys, "--out", tree)
        cls.state = cls.folder / "state"
        config = cls.folder / "board.toml"
        config.write_text(f'''format = 1
state = "{cls.state}"
[channel]
url = "file://{tree}"
root = "{tree}/metadata/1.root.json"
check_s = 5
[place]
id = "kh-pp-01"
[[outlet]]
id = "screen"
spec = "null"
[status]
listen = "127.0.0.1:0"
''')
        # A board that was held up makes good what it missed, later or with other fillers: here it is the
        # partner's plan that is compared, so the play counts once all of it was as that plan has it.
        for _ in range(4):
            cls.play(config)
            planned = {a["id"]: instant(a["start"]) for a in cls.planned}
            if all(planned.get(r["airing"]) == instant(r["planned_start"]) for r in cls.aired):
                return
            shutil.rmtree(cls.state)
        raise AssertionError("the board missed spots in each of four plays; is the machine too busy?")

    @classmethod
    def play(cls, config):
        """Runs the board until it has aired three items, then stops it."""
        board = Board(config, cls.folder / "board.log")
        try:
            seen = set()

            def three():
                seen.add((board.on_air() or {}).get("airing"))
                return len(seen - {None}) >= 4
            wait_for("three whole airings", three, 60)
        finally:
            board.stop()
        lines = run(BIN / "riverlight", "journal", "show", cls.state, "--json", "--count", "100000").stdout
        cls.journal = cls.folder / "journal.jsonl"
        cls.journal.write_text(lines)
        cls.aired = [r for r in map(json.loads, lines.splitlines()) if r["status"] in ("aired", "truncated")]
        start = instant(cls.aired[0]["planned_start"])
        cls.day = start.astimezone(datetime.timezone(datetime.timedelta(hours=7))).date().isoformat()
        cls.plan = cls.folder / "plan.json"
        cls.plan.write_text(run(BIN / "riverlight", "schedule", "preview", "--schedule", "mekong", "--place",
                                "kh-pp-01", "--from", cls.day, "--json", "--catalogue", cls.source).stdout)
        cls.planned = json.loads(cls.plan.read_text())["plans"][0]["airings"]

    def as_run(self, form, *more):
        path = self.folder / f"list{len(more)}.{form}"
        if path.exists():
            return path
        run(BIN / "riverlight", "asrun", self.state, "--format", form, "--day", self.day, "--place", "kh-pp-01",
            "--out", path, *more)
        return path

    def reconcile(self, as_run, *more, code=2):
        done = run(BIN / "riverlight", "reconcile", self.plan, as_run, *more, ok=False)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout

    def test_the_list_has_every_planned_spot_and_marks_only_those_that_aired(self):
        rows = list(csv.DictReader(io.StringIO(self.as_run("csv").read_text(encoding="utf-8-sig"))))
        self.assertLessEqual({a["id"] for a in self.planned}, {r["airing"] for r in rows})
        on = {r["airing"] for r in rows if r["status"] in ("aired", "truncated")}
        self.assertEqual(on, {r["airing"] for r in self.aired})
        self.assertGreater(sum(r["status"] == "not-aired" for r in rows), 1000)
        one = next(r for r in rows if r["airing"] == self.aired[0]["airing"])
        self.assertEqual((one["hash"], one["started"]), (self.aired[0]["hash"], self.aired[0]["started"]))
        self.assertEqual(self.as_run("csv").read_text(), self.as_run("csv", "--plan", self.plan).read_text())

    def test_bxf_has_the_same_content(self):
        root = xml.etree.ElementTree.parse(self.as_run("bxf")).getroot()
        spots = list(root.iter(BXF + "BasicAsRun"))
        good = [s for s in spots if s.find(f"{BXF}AsRunDetail/{BXF}Status").text == "Aired Without Discrepancy"]
        ids = {s.find(f"{BXF}AsRunEventId/{BXF}EventId").text.replace("urn:uuid:", "").replace("-", "") for s in good}
        rows = list(csv.DictReader(io.StringIO(self.as_run("csv").read_text(encoding="utf-8-sig"))))
        self.assertEqual(ids, {r["airing"] for r in rows if r["status"] == "aired"})
        # What the board calls aired is so, or its evidence does not support it and the list says that.
        overclaimed = {r["airing"] for r in rows if r["overclaims"] == "yes"}
        self.assertEqual(ids | overclaimed, {r["airing"] for r in self.aired if r["status"] == "aired"})
        self.assertGreaterEqual(len(spots), len(self.planned))

    def test_ccms_has_its_fixed_columns(self):
        lines = self.as_run("ccms").read_text(encoding="ascii").splitlines()
        spots = [line for line in lines if line.startswith("LOI")]
        self.assertGreaterEqual(len(spots), len(self.planned))
        self.assertEqual(sum(line[73:77] == "0001" for line in spots), len(self.aired))
        self.assertEqual({line[73:77] for line in spots}, {"0001", "0002"})
        self.assertTrue(all(line[:9] == "LOI " + self.day[5:7] + self.day[8:] + " " for line in spots))

    def test_reconciling_each_format_finds_the_same_differences(self):
        verdicts = []
        for path in (self.as_run("csv"), self.as_run("bxf"), self.as_run("ccms"), self.journal):
            found = json.loads(self.reconcile(path, "--json", "--tolerance", "5", "--length-tolerance", "5"))
            verdicts.append({e["airing"]: e["verdict"] for e in found["entries"]})
            self.assertEqual(found["sums"]["aired"], len(self.aired), path)
            self.assertEqual(found["sums"]["aired"] + found["sums"]["booked-not-aired"], len(self.planned))
        self.assertEqual(verdicts, verdicts[:1] * 4)

    def test_a_missed_spot_gets_a_make_good_time(self):
        plan = json.loads(self.plan.read_text())
        until = self.aired[-1]["planned_end"]
        plan["plans"][0]["airings"] = [a for a in self.planned if a["segment"] != "fair-work" or a["end"] <= until]
        path = self.folder / "room.json"
        path.write_text(json.dumps(plan))
        done = run(BIN / "riverlight", "reconcile", path, self.as_run("csv"), "--until", until, "--json", ok=False)
        entries = json.loads(done.stdout)["entries"]
        self.assertTrue(all(e["booked"]["end"] <= until for e in entries))
        offers = [e["make_good"]["start"] for e in entries if "make_good" in e]
        self.assertGreater(len(offers), 10)
        self.assertTrue(all(start >= until for start in offers))
        self.assertEqual(len(offers), len(set(offers)))

    def test_a_day_that_aired_completely_reconciles_without_differences(self):
        plan = json.loads(self.plan.read_text())
        good = {r["airing"] for r in self.aired if r["status"] == "aired"}
        plan["plans"][0]["airings"] = [a for a in self.planned if a["id"] in good]
        path = self.folder / "small.json"
        path.write_text(json.dumps(plan))
        whole = self.folder / "whole.jsonl"
        whole.write_text("".join(line + "\n" for line in self.journal.read_text().splitlines()
                                 if json.loads(line)["airing"] in good))
        done = run(BIN / "riverlight", "reconcile", path, whole, "--tolerance", "5", "--length-tolerance", "5")
        self.assertIn(f"{len(good):8}  aired", done.stdout)

    def test_guides_have_the_ids_of_the_plan(self):
        guide = [BIN / "riverlight", "guide", "--place", "kh-pp-01", "--from", self.day, "--catalogue", self.source]
        path = self.folder / "guide.xml"
        run(*guide, "--format", "xmltv", "--out", path)
        subprocess.run(["xmllint", "--nonet", "--noout", "--dtdvalid", DTD, path], check=True, timeout=60,
                       stderr=subprocess.DEVNULL)  # the parser also looks for the DOCTYPE's file
        programmes = list(xml.etree.ElementTree.parse(path).getroot().iter("programme"))
        ids = [a["id"] for a in self.planned]
        self.assertEqual([p.find("episode-num").text for p in programmes], ids)
        self.assertEqual({t.get("lang"): t.text for t in programmes[0].iter("title")}, TITLES)
        calendar = run(*guide, "--format", "ics").stdout
        self.assertEqual(calendar.count("BEGIN:VEVENT"), len(ids))
        self.assertIn(f"UID:{ids[0]}@riverlight", calendar)
        rows = list(csv.DictReader(io.StringIO(run(*guide, "--format", "csv").stdout.lstrip("\ufeff"))))
        self.assertEqual([r["airing"] for r in rows], ids)

    def test_wrong_arguments_and_files_are_reported_by_name(self):
        junk = self.folder / "junk.csv"
        junk.write_bytes(bytes(range(256)) * 100)
        for words, says in (
                (("reconcile", self.plan, junk), "junk.csv:1: "),
                (("reconcile", junk, self.journal), "junk.csv"),
                (("asrun", self.state, "--format", "bfx"), "did you mean 'bxf'"),
                (("asrun", self.journal, "--day", self.day), "--zone"),
                (("asrun", self.state, "--place", "kh-pp-1", "--day", self.day), "--zone"),
                (("asrun", self.folder / "nowhere"), "nowhere"),
                (("guide", "--place", "kh-pp-1", "--catalogue", self.source), "did you mean")):
            done = run(BIN / "riverlight", *words, ok=False)
            self.assertEqual(done.returncode, 1, (words, done.stderr))
            self.assertIn(says, done.stderr)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
