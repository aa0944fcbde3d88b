"""A channel end to end, by its commands: keys with a passphrase, drafts carried between holders, key rotation, and a generic TUF client that reads it.

  channel_test.py BIN: the programs' folder.
"""
import hashlib
import json
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

BIN = pathlib.Path(sys.argv[1])
PASSPHRASE = "four words never joined"


class ChannelTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.source, self.tree = self.folder / "source", self.folder / "tree"
        self.passphrase = self.folder / "passphrase"
        self.passphrase.touch(mode=0o600)
        self.passphrase.write_text(PASSPHRASE + "\n")
        self.write_source()

    def write_source(self):
        picture = b"the picture of one"
        sha256 = hashlib.sha256(picture).hexdigest()
        segment = self.source / "segments/spot"
        (segment / "media").mkdir(parents=True)
        (segment / "media" / f"{sha256}.mp4").write_bytes(picture)
        (segment / "segment.json").write_text(json.dumps({
            "format": 1, "id": "spot", "revision": 1, "duration_ms": 2000, "rating": "general", "topics": [], "fallback_locale": "km",
            "files": {sha256: {"ext": "mp4", "bytes": len(picture), "kind": "picture", "codec": "h264", "width": 1280, "height": 720,
                               "frame_rate": "25/1"}},
            "locales": {"km": {"title": "Spot", "picture": sha256}}}))
        kh = self.source / "countries/kh"
        kh.mkdir(parents=True)
        (self.source / "channel.toml").write_text('format = 1\nname = "Test"\n')
        (self.source / "schedules").mkdir()
        (self.source / "schedules/mekong.toml").write_text(
            'format = 1\nname = "mekong"\n[[campaign]]\nid = "c"\n[[campaign.booking]]\nid = "b"\nkind = "filler"\nsegments = ["spot"]\n')
        (kh / "places.toml").write_text('format = 1\ncountry = "KH"\n[hours]\n[[places]]\nid = "kh-1"\nname = "One"\n'
                                        'zone = "Asia/Phnom_Penh"\nschedule = "mekong"\nlanguages = [{language = "km"}]\n')
        (kh / "clearances.toml").write_text('format = 1\ncountry = "KH"\nclearances = []\n')
        (kh / "hotlines.toml").write_text('format = 1\ncountry = "KH"\n[hotlines."*"]\nnumber = "000"\nname = "Hotline"\n')

    def run_command(self, *words, code=0, **more):
        done = subprocess.run([str(w) for w in (BIN / "riverlight", *words)], capture_output=True, text=True, timeout=120,
                              start_new_session=True, stdin=subprocess.DEVNULL, **more)
        self.assertEqual(done.returncode, code, f"{words}:\n{done.stdout}\n{done.stderr}")
        return done.stdout + done.stderr

    def channel(self, *words, **more):
        return self.run_command("channel", *words, **more)

    def key_options(self, keys="keys"):
        return "--keys", self.folder / keys, "--passphrase-file", self.passphrase

    def test_a_threshold_of_two_of_three_holders(self):
        keys, draft = self.folder / "keys", self.folder / "draft.json"
        self.channel("init", "--keys", keys, "--countries", "kh", "--holders", "ana,bo,chan", "--threshold", "2", "--out", self.tree,
                     "--passphrase-file", self.passphrase)
        for holder in ("ana", "bo"):
            (self.folder / holder).mkdir()
            for role in ("root", "targets"):
                shutil.move(keys / f"{role}.{holder}.key", self.folder / holder)
        self.channel("clear", "spot", "--source", self.source, "--country", "kh", "--locales", "km")
        said = self.channel("publish", "--source", self.source, *self.key_options(), "--out", self.tree, code=1)
        self.assertIn("1 of 2 so far", said)
        self.channel("publish", "--source", self.source, *self.key_options(), "--out", self.tree, "--draft", draft, code=3)
        self.assertIn("segments/spot.json", self.channel("sign", draft, "--show"))
        self.assertIn("no key there may sign", self.channel("sign", draft, *self.key_options(), code=1))
        self.assertIn("signed targets", self.channel("sign", draft, *self.key_options("ana")))
        self.assertIn("published: snapshot 1", self.channel("finish", draft, *self.key_options(), "--out", self.tree))
        root = self.tree / "metadata/1.root.json"
        self.assertIn("all verified", self.channel("verify", self.tree, "--root", root))
        log = self.channel("log", self.tree)
        self.assertRegex(log, r"targets 1  signed by .*ana [0-9a-f]{12}")
        self.assertIn("+ segments/spot.json", log)
        self.read_with_tuf_client(root)

    def read_with_tuf_client(self, root):
        """Reads the channel as any client of The Update Framework would, with `riverlight tuf`."""
        server = subprocess.Popen([BIN / "riverlight", "channel", "serve", self.tree, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (server.terminate(), server.wait(10), server.stdout.close()))
        url = re.search(r"http://\S+:\d+", server.stdout.readline()).group(0)
        trust, targets = self.folder / "trust", self.folder / "targets"
        base = ("tuf", "--metadata-dir", trust, "--metadata-url", f"{url}/metadata", "--target-base-url", f"{url}/targets",
                "--target-dir", targets)
        self.run_command("tuf", "--metadata-dir", trust, "init", root)
        self.assertIn("snapshot 1", self.run_command(*base, "refresh"))
        self.run_command(*base, "--target-name", "segments/spot.json", "--target-name", "countries/kh/clearances.json", "download")
        self.assertIn("spot", (targets / "countries%2Fkh%2Fclearances.json").read_text())
        self.assertIn("no role that may sign", self.run_command(*base, "--target-name", "segments/none.json", "download", code=1))
        self.assertEqual(sorted(p.name for p in targets.iterdir()), ["countries%2Fkh%2Fclearances.json", "segments%2Fspot.json"])

    def test_keys_rotate_and_a_timer_refreshes_the_timestamp(self):
        keys = self.folder / "keys"
        self.assertIn("NOT protected", self.channel("init", "--unprotected", "--keys", keys, "--countries", "kh", "--out", self.tree))
        on = ("--keys", keys, "--out", self.tree)
        self.channel("publish", "--source", self.source, *on)
        self.assertIn("timestamp signed again: snapshot 1", self.channel("refresh", *on))
        made = self.channel("key", "new", keys / "kh.sokha.key", "--unprotected")
        fresh = re.search(r"--add: ([0-9a-f]{64})", made).group(1)
        old = self.channel("key", "show", keys / "kh.key").split()[0]
        self.assertIn("published", self.channel("rotate", "kh", "--add", f"sokha:{fresh}", "--remove", old[:16], *on))
        self.assertIn("would have 0 keys", self.channel("rotate", "kh", "--remove", fresh[:16], *on, code=1))
        self.assertIn("all verified", self.channel("verify", self.tree))
        self.channel("clear", "spot", "--source", self.source, "--country", "kh", "--locales", "km")
        self.channel("withdraw", "spot", "--source", self.source, "--country", "kh")
        self.assertIn("nothing can be withdrawn", self.channel("withdraw", "spot", "--source", self.source, "--country", "kh", code=1))
        self.channel("publish", "--source", self.source, *on)
        self.assertIn("removed", self.channel("gc", self.tree, "--keep-days", "0"))
        self.assertIn("all verified", self.channel("verify", self.tree))

    def test_the_terminal_asks_for_a_passphrase_without_echo(self):
        key = self.folder / "kh.key"
        said, code = self.run_at_terminal(["channel", "key", "new", key], [PASSPHRASE, PASSPHRASE])
        self.assertEqual(code, 0, said)
        self.assertNotIn(PASSPHRASE, said)
        self.assertIn("argon2id13", key.read_text())
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        said, code = self.run_at_terminal(["channel", "key", "new", self.folder / "other.key"], [PASSPHRASE, "another one"])
        self.assertEqual(code, 1)
        self.assertIn("differ", said)
        self.assertFalse((self.folder / "other.key").exists())
        self.channel("key", "passphrase", key, "--unprotected", "--passphrase-file", self.passphrase)
        self.assertIn("NOT protected", self.channel("key", "show", key))

    def test_without_a_terminal_or_a_file_the_error_names_the_options(self):
        said = self.channel("init", "--keys", self.folder / "keys", "--out", self.tree, code=1)
        self.assertIn("--passphrase-file", said)
        self.passphrase.chmod(0o644)
        said = self.channel("key", "new", self.folder / "k.key", "--passphrase-file", self.passphrase, code=1)
        self.assertIn("chmod 600", said)

    def run_at_terminal(self, words, answers):
        """Runs a command in a pseudo-terminal and types each answer when asked. Returns what the terminal showed."""
        child, fd = pty.fork()
        if child == 0:
            os.execv(BIN / "riverlight", ["riverlight", *map(str, words)])
        shown, deadline = b"", time.monotonic() + 60
        answers = list(answers)
        while time.monotonic() < deadline:
            if not select.select([fd], [], [], 1)[0]:
                continue
            try:
                piece = os.read(fd, 4096)
            except OSError:
                break
            shown += piece
            if answers and piece.rstrip().endswith(b":"):
                os.write(fd, answers.pop(0).encode() + b"\n")
        _, status = os.waitpid(child, 0)
        os.close(fd)
        return shown.decode(), os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
