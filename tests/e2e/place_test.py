"""A place's settings end to end: quiet hours, fades, notices, and the fallbacks for an item with broken media.

  place_test.py BIN SOURCE: the programs' folder, the project's.
"""
import array
import datetime
import json
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import wave

from board_test import BIN, COUNTRIES, SOURCE, Board, run
from support import author, build_segment, wait_for

CUE = {"type": "cue", "late": "join", "gain_db": 0, "locale": "en"}


def stamp(after):
    return (datetime.datetime.utcnow() + datetime.timedelta(seconds=after)).strftime("%Y-%m-%dT%H:%M:%SZ")


def tone(path, seconds):
    """A tone of 440 Hz at −12 dBFS."""
    samples = array.array("h", (int(8192 * math.sin(2 * math.pi * 440 * n / 48000)) for n in range(48000 * seconds)))
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(48000)
        out.writeframes(samples.tobytes())


def loudest(path, first, last):
    with wave.open(str(path)) as sound:
        sound.setpos(int(first * 48000))
        samples = array.array("h", sound.readframes(int((last - first) * 48000)))
    return max(map(abs, samples))


class PlaceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-place-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.source = cls.folder / "source"
        for name in ("fair-work", "free-movement"):
            authored = cls.folder / "authored" / name
            # Different titles, so that each segment has its own file in the store and can be damaged alone.
            author(authored, name, {locale: f"{name} {locale}" for locale in ("en", "km")}, seconds=3)
            for locale in ("en", "km"):
                (authored / locale / "subtitles.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:03.000\nwords to read\n")
                tone(authored / locale / "sound.wav", 3)
            if name == "fair-work":  # a sign-language interpreter for the Khmer version
                subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=300x400:rate=25:duration=3", "-pix_fmt", "yuv420p",
                                str(authored / "km/sign-csd.mp4")], check=True)
            build_segment(BIN, authored, cls.source / "segments" / name)
        shutil.copytree(SOURCE / "tools/demo/countries", cls.source / "countries")
        (cls.source / "schedules").mkdir()
        for path in (cls.source / "countries").glob("*/places.toml"):
            path.write_text(path.read_text().replace('"partner-th"', '"mekong"'))
        booking = ('[[campaign]]\nid = "{0}"\ntitle = "{0}"\npriority = {1}\n[[campaign.booking]]\nid = "{0}"\n'
                   'kind = "filler"\nsegments = ["{2}"]\n')
        (cls.source / "schedules/mekong.toml").write_text(
            'format = 1\nname = "mekong"\n[dayparts.surgery]\nfrom = 00:00:00\nuntil = 00:00:00\n' +
            booking.format("work", 20, "fair-work") + booking.format("way", 10, "free-movement"))
        places = cls.source / "countries/kh/places.toml"
        places.write_text(places.read_text().replace(
            'outlet = "screen"\n', 'outlet = "screen"\nsubtitles = false\nquiet = [{ daypart = "surgery" }]\nsigns = ["csd"]\n', 1))
        shutil.copy(SOURCE / "tools/demo/channel.toml", cls.source)
        cls.tree = cls.folder / "tree"
        keys = cls.folder / "keys"
        run(BIN / "riverlight", "channel", "init", "--unprotected", "--keys", keys, "--countries", COUNTRIES, "--out", cls.tree)
        run(BIN / "riverlight", "channel", "publish", "--source", cls.source, "--keys", keys, "--out", cls.tree)

    def manifest(self, name):
        return json.loads((self.source / "segments" / name / "segment.json").read_text())

    def play(self, *cues, fade=()):
        out = self.folder / "capture"
        shutil.rmtree(out, ignore_errors=True)
        lines = "".join(json.dumps(cue if "type" in cue else CUE | cue) + "\n" for cue in cues)
        (self.folder / "cues").write_text(lines)
        done = run(BIN / "riverlight-player", "--outlet", f"capture:{out}", "--cues", self.folder / "cues", "--fast", "--until-drained", *fade)
        return out, [json.loads(line) for line in done.stdout.splitlines()]

    def file(self, name, locale, kind):
        manifest = self.manifest(name)
        sha256 = manifest["locales"][locale][kind]
        return str(self.source / "segments" / name / "media" / f"{sha256}.{manifest['files'][sha256]['ext']}")

    def picture(self, out, at, name):
        """Saves one captured frame as a picture for people to look at."""
        kept = self.folder / name
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-ss", str(at), "-i", str(out / "frames.y4m"), "-frames:v", "1", str(kept)], check=True)
        return kept.read_bytes()

    def test_quiet_hours_mute_the_sound_and_show_subtitles(self):
        item = {"airing": "a", "picture": self.file("fair-work", "en", "picture"), "sound": self.file("fair-work", "en", "sound"),
                "subtitles": self.file("fair-work", "en", "subtitles"), "duration_ms": 3000, "subtitled": False}
        out, _ = self.play(item)
        self.assertGreater(loudest(out / "sound.wav", 1, 2), 2000, "the tone is heard")
        without = self.picture(out, 1, "without.png")
        out, events = self.play(item | {"quiet": [{"from": stamp(-3600), "until": stamp(3600)}]})
        self.assertEqual(loudest(out / "sound.wav", 0, 2.9), 0)
        self.assertNotEqual(self.picture(out, 1, "quiet.png"), without, "the words are on")
        off = [e for e in events if e["type"] == "off_air"][0]
        self.assertEqual((off["status"], off["evidence"]["quiet"]), ("aired", "no sound"))
        out, _ = self.play(item | {"quiet": [{"from": stamp(-3600), "until": stamp(3600), "gain_db": -20}]})
        self.assertIn(loudest(out / "sound.wav", 1, 2), range(200, 1500))

    def test_an_outlet_with_fades_joins_items_through_black(self):
        item = {"picture": self.file("fair-work", "en", "picture"), "sound": self.file("fair-work", "en", "sound"), "duration_ms": 3000}
        out, events = self.play({"airing": "a"} | item, {"airing": "b"} | item, fade=("--fade", "black:400"))
        off = [e for e in events if e["type"] == "off_air"]
        self.assertEqual([(e["status"], e["frames"], e["evidence"].get("faded_frames")) for e in off], [("aired", 75, "20")] * 2)
        self.assertLess(loudest(out / "sound.wav", 2.99, 3.01), 100, "silent at the join")
        self.assertGreater(loudest(out / "sound.wav", 2.5, 2.55), 2000)
        refused = run(BIN / "riverlight-player", "--outlet", "udp://127.0.0.1:9", "--cues", self.folder / "cues", "--fade", "black:400", ok=False)
        self.assertIn("always cut", refused.stderr)

    def test_a_screen_shows_a_notice_over_the_item_and_a_feed_does_not(self):
        item = {"airing": "a", "picture": self.file("fair-work", "km", "picture"), "duration_ms": 3000}
        notice = {"type": "notice", "text": "សូមកុំដកចេញ។ 40 %", "locale": "km"}
        out, _ = self.play(item)
        without = self.picture(out, 2.9, "without.png")
        out, events = self.play(notice, item)
        self.assertNotEqual(self.picture(out, 2.9, "notice.png"), without)
        self.assertEqual([(e["status"], e["frames"]) for e in events if e["type"] == "off_air"], [("aired", 75)])
        out, _ = self.play(notice, {"type": "notice"}, item)
        self.assertEqual(self.picture(out, 2.9, "gone.png"), without)
        for name, cues in (("plain", [item]), ("told", [notice, item])):
            (self.folder / "cues").write_text("".join(json.dumps(CUE | cue if "airing" in cue else cue) + "\n" for cue in cues))
            run(BIN / "riverlight-player", "--outlet", f"file:{self.folder}/{name}.ts", "--cues", self.folder / "cues", "--fast", "--until-drained")
        said = [subprocess.run(["ffmpeg", "-v", "error", "-i", str(self.folder / f"{name}.ts"), "-map", "v", "-f", "framemd5", "-"],
                               capture_output=True, check=True).stdout for name in ("plain", "told")]
        self.assertEqual(said[0], said[1])

    def test_a_filler_repeats_until_its_time_is_used(self):
        filler = {"picture": self.file("free-movement", "en", "picture"), "sound": self.file("free-movement", "en", "sound"),
                  "subtitles": "", "locale": "en", "gain_db": 0, "filler": "free-movement", "length_ms": 3000}
        damaged = self.folder / "damaged.mp4"
        damaged.write_bytes(b"no picture")
        out, events = self.play({"airing": "a", "picture": str(damaged), "duration_ms": 7000, "instead": [filler]})
        off = [e for e in events if e["type"] == "off_air"][0]
        self.assertEqual((off["status"], off["frames"], off["took"]), ("substituted", 175, 1))
        self.assertIn("damaged.mp4", off["reason"])
        for second in (0.5, 3.5, 6.5):
            self.assertGreater(loudest(out / "sound.wav", second, second + 0.2), 2000, f"heard at {second} s")

    def test_a_board_keeps_quiet_hours_and_plays_fallbacks_for_broken_media(self):
        state, config = self.folder / "state", self.folder / "board.toml"
        config.write_text(f'''format = 1
state = "{state}"
[channel]
url = "file://{self.tree}"
root = "{self.tree}/metadata/1.root.json"
[place]
id = "kh-pp-01"
[[outlet]]
id = "screen"
spec = "null"
fade = "black"
[status]
listen = "127.0.0.1:0"
''')
        board = Board(config, self.folder / "board.log")
        self.addCleanup(lambda: board.process.poll() is None and board.stop())
        first = wait_for("something on air", board.on_air)
        self.assertEqual(first["segment"], "fair-work")
        wait_for("another one", lambda: (board.on_air() or {}).get("airing") not in (None, first["airing"]))

        def damage(locale):
            name = pathlib.Path(self.file("fair-work", locale, "picture")).name
            for offered in (self.tree / "targets/media").glob("*" + name):
                offered.unlink()  # or the board would fetch a whole copy within seconds
            damaged = state / "store/media" / name
            damaged.unlink()
            damaged.write_bytes(b"no picture")

        def records():
            lines = run(BIN / "riverlight", "journal", "show", state, "--json").stdout.splitlines()
            return [json.loads(line) for line in lines]

        def substituted(filler):
            return [r for r in records() if r["status"] == "substituted" and bool(r["evidence"].get("filler")) == filler]
        wait_for("one in its own language", lambda: [r for r in records() if r["status"] == "aired"])
        damage("km")
        wait_for("two in the fallback language", lambda: len(substituted(False)) >= 2, 60)
        damage("en")
        wait_for("two of the filler", lambda: len(substituted(True)) >= 2, 60)
        outlet = board.outlet()
        self.assertFalse(outlet["slate"], (outlet, records()[-8:]))
        board.stop()
        run(BIN / "riverlight", "journal", "verify", state)
        # A busy machine may have begun after the first airing that was planned.
        said = [r for r in records() if r["planned_start"] >= next(f["planned_start"] for f in records() if f["airing"] == first["airing"])]
        self.assertFalse([r for r in said if r["status"] in ("failed", "skipped")], "no slate and no gap")
        whole = [r for r in said if r["status"] in ("aired", "substituted")]
        # The first may be joined in progress. Fades and fallbacks cost no picture (exactly so, without a clock: the tests above); a busy machine may lose one.
        frames = [r["frames"] for r in whole[1:]]
        self.assertEqual(max(frames), 75)
        self.assertGreater(frames.count(75), 0.7 * len(frames), frames)
        for record in whole:
            self.assertEqual((record["evidence"]["quiet"], record["evidence"]["quiet_frames"]), ("no sound", str(record["frames"])))
            self.assertEqual(record["evidence"]["quiet_subtitles"], "on")
            self.assertEqual(record["evidence"]["faded_frames"], str(min(24, record["frames"])), "its picture came and went")
            self.assertEqual(record["segment"], "fair-work", "what was planned")
            interpreted = record["locale_aired"] == "km" and record["status"] == "aired"
            self.assertEqual((record["evidence"].get("sign"), record["evidence"].get("sign_frames")),
                             ("csd", str(record["frames"])) if interpreted else (None, None))
        self.assertTrue([r for r in whole if r["status"] == "aired" and r["locale_aired"] == "km"])
        for record in substituted(False):
            self.assertEqual((record["locale_asked"], record["locale_aired"]), ("km", "en"))
            self.assertIn("km: ", record["reason"])
        pictures = {sha256 for sha256, file in self.manifest("free-movement")["files"].items() if file["kind"] == "picture"}
        for record in substituted(True):
            self.assertEqual(record["evidence"]["filler"], "free-movement", "what was on")
            self.assertIn(record["sha256"], pictures)
            self.assertIn("km: ", record["reason"])
            self.assertIn("en: ", record["reason"], "each step says why")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
