"""A channel is published to where boards fetch it: a bucket, a server over SFTP, a folder; a board plays from the bucket.

  upload_test.py BIN SOURCE: the programs' folder, the project's.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from one_board import Board, make_channel, run, write_settings
from s3_server import KEY, REGION, SECRET, Bucket
from sftp_server import SftpServer
from support import wait_for

BIN, SOURCE = (pathlib.Path(a).resolve() for a in sys.argv[1:3])


def files_of(folder):
    """The tree's own files and their bytes."""
    return {str(p.relative_to(folder)): p.read_bytes() for part in ("metadata", "targets") for p in sorted((folder / part).rglob("*")) if p.is_file()}


class Upload(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-upload-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.tree = make_channel(BIN, SOURCE, cls.folder, ["fair-work"], ["fair-work"])

    def setUp(self):
        self.bucket = Bucket(self.folder / self.id().rsplit(".", 1)[1])
        self.addCleanup(self.bucket.close)
        for record in self.tree.glob(".sent-*"):
            record.unlink()

    def riverlight(self, *words, secret=SECRET, home=None):
        environment = os.environ | dict(AWS_ACCESS_KEY_ID=KEY, AWS_SECRET_ACCESS_KEY=secret, AWS_REGION=REGION, AWS_ENDPOINT_URL=self.bucket.url)
        environment |= {"HOME": str(home)} if home else {}
        self.maxDiff = 2000
        return subprocess.run([BIN / "riverlight", *map(str, words)], capture_output=True, text=True, env=environment, timeout=120)

    def upload(self, to="s3://tree/pmo", **more):
        return self.riverlight("channel", "upload", self.tree, "--to", to, **more)

    def test_a_board_plays_from_a_bucket(self):
        done = self.upload()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(files_of(self.bucket.folder / "pmo"), files_of(self.tree))
        self.assertEqual(self.bucket.put[-1], "pmo/metadata/timestamp.json")
        self.assertTrue(self.bucket.put[0].startswith("pmo/targets/"))
        kept = {name: headers["Cache-Control"] for name, headers in self.bucket.headers.items()}
        self.assertEqual(kept.pop("pmo/metadata/timestamp.json"), "no-cache")
        self.assertEqual(set(kept.values()), {"public, max-age=31536000, immutable"})
        config = write_settings(self.folder / "board.toml", self.folder / "state", self.tree)
        config.write_text(config.read_text().replace(f"file://{self.tree}", f"{self.bucket.url}/tree/pmo"))
        board = Board([BIN / "riverlightd", "--config", config], self.folder / "log")
        self.addCleanup(board.stop)
        self.assertEqual(wait_for("something on air", board.on_air)["segment"], "fair-work")

    def test_only_what_is_new_is_sent_and_what_gc_removed_goes(self):
        self.assertEqual(self.upload().returncode, 0)
        count = len(self.bucket.put)
        done = self.riverlight("channel", "refresh", "--keys", self.folder / "keys", "--out", self.tree, "--to", "s3://tree/pmo")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.bucket.put[count:], ["pmo/metadata/timestamp.json"])
        old = self.tree / "targets/media/gone.mp4"
        old.write_bytes(b"x")
        self.assertEqual(self.upload().returncode, 0)
        old.unlink()
        self.assertEqual(self.upload().returncode, 0)
        self.assertEqual(self.bucket.removed, ["pmo/targets/media/gone.mp4"])
        self.assertEqual(files_of(self.bucket.folder / "pmo"), files_of(self.tree))

    def test_a_busy_server_is_asked_again_and_one_that_breaks_later(self):
        self.bucket.busy = 2
        self.assertEqual(self.upload().returncode, 0)
        (self.tree / "targets/media/more.mp4").write_bytes(b"x")
        self.addCleanup((self.tree / "targets/media/more.mp4").unlink)
        self.bucket.broken = True
        done = self.upload()
        self.assertEqual(done.returncode, 1)
        self.assertIn("more.mp4", done.stderr)
        self.bucket.broken = False
        count = len(self.bucket.put)
        self.assertEqual(self.upload().returncode, 0)
        self.assertEqual(self.bucket.put[count:], ["pmo/targets/media/more.mp4"])

    def test_a_wrong_secret_is_named_and_not_repeated(self):
        done = self.upload(secret="not-the-secret")
        self.assertEqual(done.returncode, 1)
        self.assertIn("SignatureDoesNotMatch", done.stderr)
        self.assertIn("AWS_SECRET_ACCESS_KEY", done.stderr)
        self.assertNotIn("not-the-secret", done.stderr + done.stdout)
        self.assertEqual(self.bucket.put, [])

    def test_a_folder(self):
        there = self.folder / "there"
        done = self.riverlight("channel", "publish", "--source", self.folder / "source", "--keys", self.folder / "keys", "--out", self.tree, "--to", there)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(files_of(there), files_of(self.tree))
        run(BIN / "riverlight", "channel", "verify", there)

    def test_a_server_over_sftp(self):
        home = self.folder / "home"
        (home / ".ssh").mkdir(parents=True)
        server = SftpServer(home)
        self.addCleanup(server.close)
        there = self.folder / "sftp-there"
        address = f"sftp://pmo@127.0.0.1:{server.port}{there}"
        words = ("channel", "upload", self.tree, "--to", address, "--ssh-key", home / "user")
        stranger = self.riverlight(*words, home=home)
        self.assertEqual(stranger.returncode, 1)
        self.assertIn("known_hosts", stranger.stderr)
        self.assertFalse(there.exists())
        (home / ".ssh/known_hosts").write_text(f"[127.0.0.1]:{server.port} {(home / 'host.pub').read_text()}")
        done = self.riverlight(*words, home=home)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(files_of(there), files_of(self.tree))
        self.riverlight("channel", "refresh", "--keys", self.folder / "keys", "--out", self.tree)
        self.assertEqual(self.riverlight(*words, home=home).returncode, 0)
        self.assertEqual(files_of(there), files_of(self.tree), "timestamp.json was replaced")
        extra = self.tree / "targets/media/gone.mp4"
        extra.write_bytes(b"x")
        self.assertEqual(self.riverlight(*words, home=home).returncode, 0)
        extra.unlink()
        self.assertEqual(self.riverlight(*words, home=home).returncode, 0)
        self.assertEqual(files_of(there), files_of(self.tree))
        self.assertEqual([p.name for p in there.rglob("*.part")], [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
