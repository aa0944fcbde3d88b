#!/usr/bin/env python3
"""Damages a board's data partition, an ext4 file system in a file, and has firmware/image's data-check repair it, without mounting anything.

  tests/image/data_test.py SOURCE     skips with one line (exit 77) without e2fsprogs
"""
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

MIB = 1 << 20
AS_IT_WAS, MADE_NEW = 0, 10
FILES = {"riverlight/journal.db": 300_000, "riverlight/keys/board.pem": 119, "riverlight/starts.json": 80, "riverlight/outlets/screen/snapshot.json": 900, "settings/riverlightd.toml": 400,
         "settings/root.json": 2000, "riverlight/store/media/film.mp4": 3 * MIB}
source = None


class DataTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-data-"))
        self.addCleanup(shutil.rmtree, self.folder)
        draw = random.Random(5)
        self.files = {name: draw.randbytes(size) for name, size in FILES.items()}
        for name, content in self.files.items():
            path = self.folder / "tree" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(0o600)
        self.device = self.folder / "data"

    def make(self, *words, megabytes=64):
        self.device.unlink(missing_ok=True)
        with open(self.device, "wb") as image:
            image.truncate(megabytes * MIB)
        subprocess.run(["mke2fs", "-q", "-t", "ext4", "-L", "data", *words, "-d", self.folder / "tree", self.device], check=True)

    def put(self, at, content):
        with open(self.device, "r+b") as image:
            image.seek(at)
            image.write(content)

    def check(self, *words):
        shutil.rmtree(self.folder / "kept", ignore_errors=True)
        done = subprocess.run([source / "firmware/image/tree/usr/lib/riverlight/data-check", self.device, self.folder / "kept", *words], capture_output=True, text=True,
                              env={**os.environ, "PATH": "/usr/sbin:/sbin:/usr/bin:/bin"}, timeout=120)
        # Whatever it was, it is whole now.
        self.assertEqual(subprocess.run(["e2fsck", "-fn", self.device], capture_output=True).returncode, 0, done.stdout)
        return done.returncode

    def content(self):
        """The files of the file system; without lost+found."""
        out = self.folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        subprocess.run(["debugfs", "-R", f"rdump / {out}", self.device], check=True, capture_output=True)
        return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}

    def kept(self):
        """What has to be there of a partition that was made new: all but media."""
        return {name: content for name, content in self.files.items() if not name.startswith("riverlight/store/")}

    def test_what_is_whole_stays_as_it_is(self):
        self.make()
        self.assertEqual(self.check(), AS_IT_WAS)
        self.assertEqual(self.content(), self.files)

    def test_what_e2fsck_corrects_by_itself_keeps_everything(self):
        self.make()
        subprocess.run(["debugfs", "-w", "-R", "ssv free_blocks_count 7", self.device], check=True, capture_output=True)
        subprocess.run(["debugfs", "-w", "-R", "ssv state 0", self.device], check=True, capture_output=True)
        self.assertEqual(self.check(), AS_IT_WAS)
        self.assertEqual(self.content(), self.files)

    def test_without_its_superblock_keys_journal_and_settings_are_kept(self):
        for words, megabytes in ((["-b", "1024"], 64), (["-b", "4096"], 300)):
            self.make(*words, megabytes=megabytes)
            self.put(1024, bytes(1024))
            self.assertEqual(self.check(), MADE_NEW, words)
            self.assertEqual(self.content(), self.kept(), words)
            self.assertEqual(self.check(), AS_IT_WAS, "a second start finds it in order")

    def test_what_is_made_new_is_laid_out_for_few_and_large_files(self):
        with open(self.device, "wb") as image:
            image.truncate(64 * MIB)
        self.assertEqual(self.check(), MADE_NEW)
        said = subprocess.run(["dumpe2fs", "-h", self.device], capture_output=True, text=True, check=True).stdout
        facts = dict(line.split(":", 1) for line in said.splitlines() if ":" in line)
        self.assertEqual((int(facts["Block size"]), int(facts["Inode count"])), (4096, 1024))

    def test_an_inode_that_makes_no_sense_costs_that_file_alone(self):
        self.make()
        subprocess.run(["debugfs", "-w", "-R", "sif riverlight/starts.json mode 0170000", self.device], check=True, capture_output=True)
        subprocess.run(["debugfs", "-w", "-R", "sif riverlight/starts.json block[0] 0x12345678", self.device], check=True, capture_output=True)
        subprocess.run(["debugfs", "-w", "-R", "ssv state 0", self.device], check=True, capture_output=True)
        subprocess.run(["debugfs", "-w", "-R", "sif riverlight/store links_count 900", self.device], check=True, capture_output=True)
        self.assertEqual(self.check(), MADE_NEW)
        found = self.content()
        for name, content in self.kept().items():
            if name != "riverlight/starts.json":
                self.assertEqual(found.get(name), content, name)

    def test_of_what_is_lost_altogether_an_empty_one_is_made(self):
        for damage in ((0, bytes(64 * MIB)), (0, random.Random(6).randbytes(64 * MIB)), (0, bytes(30 * MIB))):
            self.make()
            self.put(*damage)
            self.assertEqual(self.check(), MADE_NEW)

    def test_random_damage_ends_with_a_whole_file_system(self):
        made_new = 0
        for seed in range(6):
            with self.subTest(seed=seed):
                draw = random.Random(seed)
                self.make("-b", "1024")
                for _ in range(40):
                    self.put(draw.randrange(8 * MIB), draw.randbytes(512))
                made_new += self.check("-f") == MADE_NEW
        self.assertGreater(made_new, 0)


if __name__ == "__main__":
    if missing := [tool for tool in ("mke2fs", "e2fsck", "debugfs") if not shutil.which(tool, path="/usr/sbin:/sbin:/usr/bin:/bin")]:
        print(f"skipped: the data partition was not repaired: not installed: {', '.join(missing)} (package e2fsprogs)")
        sys.exit(77)
    source = pathlib.Path(sys.argv[1]).resolve()
    unittest.main(argv=sys.argv[:1])
