"""A board end to end: segments built, a channel signed, riverlightd playing from it, its player killed, its journal read.

  board_test.py BIN SOURCE: the programs' folder, the project's.
"""
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

from support import OwnTime, author, build_segment, wait_for

BIN, SOURCE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
COUNTRIES = "kh,cn,la,mm,th,vn"
SEGMENTS = ["know-your-rights-no-slavery", "free-movement", "fair-work", "safe-standard-of-living"]


def run(*words, ok=True):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, timeout=60)
    if ok and done.returncode:
        raise AssertionError(f"{words} ended with {done.returncode}:\n{done.stdout[-1000:]}\n{done.stderr[-2000:]}")
    return done


class Board:
    """A running riverlightd and its status page."""

    def __init__(self, config, log):
        self.log = log
        self.out = open(log, "wb")
        self.process = subprocess.Popen([BIN / "riverlightd", "--config", config], stdout=self.out, stderr=self.out)

        def port():
            if self.process.poll() is not None:
                raise AssertionError(f"riverlightd ended: {log.read_text()}")
            return re.search(r"status page on port (\d+)", log.read_text())
        self.port = int(wait_for("the status page", port).group(1))

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            return answer.read()

    def status(self):
        return json.loads(self.get("/v1/status"))

    def outlet(self):
        return self.status()["outlets"][0]

    def on_air(self):
        return self.outlet()["on_air"]

    def player(self):
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0]) if children else None

    def stop(self):
        since = OwnTime(self.process.pid)
        self.process.send_signal(signal.SIGTERM)
        # It stays a zombie until it is waited for, so that its times can be read.
        wait_for("the daemon's end", lambda: os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT), 10)
        needed = since.passed()
        self.process.wait(10)
        self.out.close()
        return needed


class BoardTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        source = cls.folder / "source"
        for name in SEGMENTS:
            authored = cls.folder / "authored" / name
            author(authored, name)
            build_segment(BIN, authored, source / "segments" / name)
        for part in ("countries", "schedules"):
            shutil.copytree(SOURCE / "tools/demo" / part, source / part)
        # Fillers only, so that every moment of the test has the same load.
        (source / "schedules/mekong.toml").write_text(
            'format = 1\nname = "mekong"\n[[campaign]]\nid = "always"\ntitle = "Always"\n[[campaign.booking]]\n'
            'id = "always-on"\nkind = "filler"\nsegments = ["free-movement", "fair-work"]\n')
        shutil.copy(SOURCE / "tools/demo/channel.toml", source)
        cls.keys, cls.tree, cls.source = cls.folder / "keys", cls.folder / "tree", source
        run(BIN / "riverlight", "channel", "init", "--unprotected", "--keys", cls.keys, "--countries", COUNTRIES, "--out", cls.tree)
        run(BIN / "riverlight", "channel", "publish", "--source", source, "--keys", cls.keys, "--out", cls.tree)

    def config(self, name, tree=None, extra=""):
        state = self.folder / name
        path = self.folder / f"{name}.toml"
        path.write_text(f'''format = 1
state = "{state}"
{extra}
[channel]
url = "file://{tree or self.tree}"
root = "{self.tree}/metadata/1.root.json"
check_s = 5
[place]
id = "kh-pp-01"
[[outlet]]
id = "screen"
spec = "null"
[status]
listen = "127.0.0.1:0"
''')
        return path, state

    def start(self, name, tree=None):
        config, state = self.config(name, tree)
        board = Board(config, self.folder / f"{name}.log")
        self.addCleanup(lambda: board.process.poll() is None and board.stop())
        return board, state

    def records(self, state):
        lines = run(BIN / "riverlight", "journal", "show", state, "--json").stdout.splitlines()
        return [json.loads(line) for line in lines]

    def test_a_killed_player_restarts_and_the_journal_is_complete(self):
        board, state = self.start("plays")
        first = wait_for("something on air", board.on_air)
        self.assertIn(first["segment"], ("free-movement", "fair-work"))
        self.assertIn(first["locale"], ("km", "en"))
        wait_for("a picture of the outlet", lambda: board.get("/outlet/screen.jpg")[:2] == b"\xff\xd8")
        self.assertIn(b"All is well", board.get("/"))
        self.assertIn(b'riverlight_outlet_on_slate{outlet="screen"} 0', board.get("/metrics"))

        held = pathlib.Path(f"/proc/{board.player()}/status").read_text()
        self.assertRegex(held, r"NoNewPrivs:\s+1")
        self.assertRegex(held, r"Seccomp:\s+2", "a player's system calls are filtered")

        killed = board.on_air()["airing"]
        os.kill(board.player(), signal.SIGKILL)
        since = OwnTime(board.process.pid)
        wait_for("the next item", lambda: (board.on_air() or {}).get("airing") not in (None, killed), 10)
        self.assertLessEqual(since.passed(board.player()), 2.0)

        self.assertLessEqual(board.stop(), 2.0)
        self.assertEqual(board.process.returncode, 0)
        run(BIN / "riverlight", "journal", "verify", state)
        # Its last progress says how much of it had left, and that is what its record claims.
        cut = [r for r in self.records(state) if "signal 9" in r["reason"]]
        self.assertEqual([r["airing"] for r in cut], [killed])
        shown = int(cut[0]["evidence"].get("shown_ms", 0))
        self.assertEqual(cut[0]["status"], "truncated" if shown else "failed")

    def test_a_hung_player_loses_only_its_item(self):
        board, state = self.start("hangs")
        hung = wait_for("something on air", board.on_air)["airing"]
        player = board.player()
        os.kill(player, signal.SIGSTOP)
        since = OwnTime(board.process.pid)
        wait_for("the next item", lambda: (board.on_air() or {}).get("airing") not in (None, hung), 10)
        self.assertLessEqual(since.passed(board.player()), 2.0)
        self.assertNotEqual(board.player(), player)
        board.stop()
        cut = [r for r in self.records(state) if r["reason"].startswith("the player hung and was ended")]
        self.assertEqual([r["airing"] for r in cut], [hung])
        self.assertIn(cut[0]["status"], ("truncated", "failed"))
        run(BIN / "riverlight", "journal", "verify", state)

    def test_an_airing_cut_off_by_a_dead_daemon_is_recorded_as_interrupted(self):
        board, state = self.start("dies")
        on = wait_for("something on air", board.on_air)["airing"]
        board.process.kill()
        board.process.wait(5)
        board.out.close()
        board, state = self.start("dies")
        since = OwnTime(board.process.pid)
        wait_for("something on air", board.on_air)
        self.assertLessEqual(since.passed(board.player()), 2.0)  # the interrupted airing resumes; no slate before the next
        board.stop()
        self.assertIn((on, "interrupted"), [(r["airing"], r["status"]) for r in self.records(state)])
        run(BIN / "riverlight", "journal", "verify", state)

    def test_a_new_release_replaces_queued_items_and_keeps_the_one_on_air(self):
        tree = self.folder / "moving"
        shutil.copytree(self.tree, tree)
        board, state = self.start("moves", tree)
        first = wait_for("something on air", board.on_air)["airing"]
        before = json.loads(board.get("/v1/status"))["release"]
        schedule = self.source / "schedules/mekong.toml"
        schedule.write_text(schedule.read_text().replace("Always", "Evermore"))
        run(BIN / "riverlight", "channel", "publish", "--source", self.source, "--keys", self.keys, "--out", tree)
        wait_for("the new release", lambda: json.loads(board.get("/v1/status"))["release"] != before)
        seen = {board.on_air()["airing"]}
        deadline = time.monotonic() + 20
        while len(seen) < 4 and time.monotonic() < deadline:
            on = board.on_air()
            self.assertTrue(on or not board.outlet()["slate"], "the slate was shown in between")
            seen.add(on["airing"] if on else None)
            time.sleep(0.05)
        seen.discard(None)
        self.assertGreaterEqual(len(seen), 3)
        board.stop()
        records = {r["airing"]: r for r in self.records(state)}
        self.assertLessEqual(seen, set(records))
        since = records[first]["planned_start"]  # a busy machine may have begun after the first that was planned
        self.assertFalse([r for r in records.values() if r["planned_start"] >= since and r["status"] in ("failed", "skipped")])
        run(BIN / "riverlight", "journal", "verify", state)

    def test_a_withdrawn_clearance_stops_the_airing_and_is_in_the_journal(self):
        tree, source = self.folder / "withdrawn", self.folder / "withdrawn-source"
        shutil.copytree(self.tree, tree)
        shutil.copytree(self.source, source)
        board, state = self.start("withdraws", tree)
        gone = wait_for("something on air", board.on_air)["segment"]
        kept = ({"free-movement", "fair-work"} - {gone}).pop()
        run(BIN / "riverlight", "channel", "withdraw", gone, "--source", source, "--country", "kh")
        run(BIN / "riverlight", "channel", "publish", "--source", source, "--keys", self.keys, "--out", tree)
        wait_for("the withdrawal", lambda: "no longer clears it" in board.log.read_text(), 30)
        wait_for("the other item", lambda: (board.on_air() or {}).get("segment") == kept, 30)
        deadline = time.monotonic() + 6
        while time.monotonic() < deadline:
            self.assertNotEqual((board.on_air() or {}).get("segment"), gone)
            time.sleep(0.1)
        board.stop()
        told = [r for r in self.records(state) if r["airing"].startswith(f"unplanned-withdrawal-{gone}-")]
        self.assertTrue(told and all(r["status"] == "skipped" and "KH no longer clears it" in r["reason"] for r in told), told)
        run(BIN / "riverlight", "journal", "verify", state)

    def test_playback_continues_if_the_journal_cannot_be_written(self):
        board, state = self.start("locked")
        first = wait_for("something on air", board.on_air)["airing"]
        lock = sqlite3.connect(state / "journal.db", isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
        wait_for("another item", lambda: (board.on_air() or {}).get("airing") not in (None, first))
        wait_for("an alarm", lambda: b"cannot be saved now" in board.get("/"))
        unwritten = board.on_air()["airing"]
        wait_for("another item", lambda: (board.on_air() or {}).get("airing") not in (None, unwritten))
        lock.execute("ROLLBACK")
        lock.close()
        wait_for("the end of the alarm", lambda: b"cannot be saved now" not in board.get("/"))
        board.stop()
        # The first was joined in progress: what is missing of its beginning is in its record.
        shown = [r["airing"] for r in self.records(state) if int(r["evidence"].get("shown_ms", 0)) > 0]
        self.assertLessEqual({first, unwritten}, set(shown))
        self.assertEqual(len(shown), len(set(shown)))
        run(BIN / "riverlight", "journal", "verify", state)

    def test_a_channel_with_one_byte_changed_is_not_played(self):
        tree = self.folder / "tampered"
        shutil.copytree(self.tree, tree)
        path = next(tree.glob("metadata/*.targets.json"))
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        board, state = self.start("tampered-board", tree)
        wait_for("an alarm", lambda: any(a["concern"] == "channel_unusable" and "signed" in a["technician"] for a in json.loads(board.get("/v1/status"))["alarm_details"]))
        self.assertIsNone(board.on_air())
        board.stop()

    def board_with_recording_player(self, name):
        """Starts a board with player_that_listens.py; returns a function that lists the commands it received, by kind."""
        folder = self.folder / name
        folder.mkdir()
        (folder / "player").symlink_to(SOURCE / "tests/e2e/player_that_listens.py")

        def told(kind):
            file = folder / "told.jsonl"
            lines = file.read_text().splitlines() if file.exists() else []
            return [line for line in map(json.loads, lines) if line["type"] == kind]
        return folder, told

    def test_a_crashed_player_restarts_without_hardware_decoders(self):
        config, _ = self.config("fell")
        folder, told = self.board_with_recording_player("falling")
        config.write_text(config.read_text() + f'[player]\npath = "{folder}/player"\n')
        board = Board(config, self.folder / "fell.log")
        self.addCleanup(lambda: board.process.poll() is None and board.stop())
        wait_for("a player", lambda: told("words"))
        os.kill(wait_for("its process", board.player), signal.SIGKILL)
        wait_for("the next player", lambda: len(told("words")) == 2)
        first, second = (one["words"] for one in told("words"))
        self.assertNotIn("--no-machine-decoder", first)
        self.assertIn("--no-machine-decoder", second)

    def test_the_screen_shows_stick_notices_in_the_places_language(self):
        config, _ = self.config("stick-screen")
        folder, told = self.board_with_recording_player("sticking")
        config.write_text(config.read_text() + f'[player]\npath = "{folder}/player"\n')
        board = Board(config, self.folder / "stick-screen.log")
        self.addCleanup(lambda: board.process.poll() is None and board.stop())
        wait_for("a player", lambda: told("words"))
        stick = folder / "stick"
        stick.mkdir()
        run(BIN / "riverlight", "carry", "out", "--channel", self.tree, "--to", stick, "--place", "kh-pp-01")
        self.assertEqual(told("notice"), [], "nothing to say yet")
        run(BIN / "riverlight", "carry", "in", stick, "--config", config)
        done = wait_for("the notice that the import is done", lambda: [n for n in told("notice") if "អាចដក" in n["text"]])
        self.assertEqual(done[0]["locale"], "km")
        self.assertFalse([n for n in told("notice") if "មិនបាន" in n["text"]], "it did not fail")

    def test_a_closed_places_display_is_off_until_a_minute_before_opening(self):
        config, state = self.config("closed")
        folder, told = self.board_with_recording_player("listening")
        # Phnom Penh is UTC+7. The place opens at the first whole minute that leaves the display off for at least fifteen seconds.
        opens = (int(time.time() + 60 + 15) // 60 + 1) * 60
        clock = [time.strftime("%H:%M", time.gmtime(at + 7 * 3600)) for at in (opens, opens + 3600)]
        text = config.read_text().replace('id = "kh-pp-01"', f'id = "kh-pp-01"\nopen = ["{clock[0]}-{clock[1]}"]')
        config.write_text(text.replace('spec = "null"', 'spec = "drm"') + f'[player]\npath = "{folder}/player"\n')
        board = Board(config, self.folder / "closed.log")
        self.addCleanup(lambda: board.process.poll() is None and board.stop())
        off = wait_for("the display to be off", lambda: "--panel-off" in str(told("words")) or told("panel"))
        self.assertTrue(off is True or off == [{"type": "panel", "on": False}], off)
        wait_for("its being on", lambda: {"type": "panel", "on": True} in told("panel"), 100)
        self.assertGreater(time.time(), opens - 60)
        self.assertLess(time.time(), opens - 60 + 10)
        first = wait_for("something to play", lambda: told("cue"))[0]
        self.assertGreaterEqual(first["start"], time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(opens - 60)), "cued while the display was off")
        board.stop()
        skipped = [r for r in self.records(state) if r["status"] == "skipped"]
        self.assertTrue(skipped)
        self.assertEqual({r["reason"] for r in skipped}, {"the place was closed then, and its display off"})

    def test_wrong_settings_are_reported_by_name(self):
        path, _ = self.config("wrong", extra="plaer = 1")
        done = run(BIN / "riverlightd", "--config", path, "--check-settings", ok=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("did you mean 'player'", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
