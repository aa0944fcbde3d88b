#!/usr/bin/env python3
"""Runs the chooser's script (firmware/image/choose.cfg) in GRUB's own emulator on drawn disks, and compares which slot it starts and what
it counts with the same rule in C++ (`riverlight-slots next`).

  tests/image/chooser_test.py BUILD SOURCE [CASES]     skips with one line (exit 77) without grub-emu, mtools and sfdisk
"""
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SECTOR = 512
CHOOSER, SLOTS, SECTORS = 2048, 6144, 8192  # begins of the partitions
TRUSTS = ("empty", "unsure", "sure", "failed")
TOOLS = (("grub-emu", "grub-emu"), ("grub-script-check", "grub-common"), ("mformat", "mtools"), ("sfdisk", "fdisk"))
build, source, cases = None, None, 30


def environment_block(values):
    text = "# GRUB Environment Block\n" + "".join(f"{name}={value}\n" for name, value in values.items())
    return text.ljust(1024, "#").encode()


class Disk:
    """A disk as the chooser finds it: its own partition with the file `starts`, and the slots' partition."""

    def __init__(self, path, draw):
        self.path = path
        image = bytearray(SECTORS * SECTOR)
        path.write_bytes(image)
        subprocess.run(["sfdisk", "-q", path], input=f"label: gpt\nfirst-lba: 2048\nstart={CHOOSER}, size=4096, name=chooser\nstart={SLOTS}, size=1024, name=slots\n".encode(), check=True)
        self.slots = path.with_suffix(".slots")
        self.slots.write_bytes(bytes(1024 * SECTOR))
        for _ in range(draw.randrange(6)):  # one state after another, as an installer writes them
            self.riverlight_slots(*draw.choice((["init"], ["set-state", draw.choice("AB"), "bad"], ["set-state", draw.choice("AB"), "good"],
                                                ["set-primary", draw.choice("AB")], ["give-up", draw.choice("AB")])), check=False)
        state = bytearray(self.slots.read_bytes())
        for copy in (128, 256):  # damage in the block, in its hash, or none
            if draw.random() < 0.2:
                state[copy * SECTOR + draw.randrange(3 * SECTOR)] ^= 1 << draw.randrange(8)
        self.slots.write_bytes(state)
        shown = re.search(r"generation (\d+)", self.riverlight_slots("show", check=False))
        generation = int(shown[1]) if shown else 0
        self.count = {"COUNTED": draw.choice((generation, generation, max(0, generation - 1))), "STARTS": "x" * draw.randrange(4), "LAST": draw.choice(("", "A", "B"))}
        with open(path, "r+b") as disk:
            disk.seek(SLOTS * SECTOR)
            disk.write(state)
        starts = path.with_suffix(".starts")
        starts.write_bytes(environment_block(self.count))
        at = f"{path}@@{CHOOSER * SECTOR}"
        subprocess.run(["mformat", "-i", at, "-h", "2", "-t", "64", "-s", "32", "::"], check=True)
        subprocess.run(["mcopy", "-i", at, starts, "::starts"], check=True)

    def riverlight_slots(self, *words, check=True):
        return subprocess.run([build / "bin/riverlight-slots", "--device", self.slots, "--running", "A", *words], check=check, capture_output=True, text=True).stdout

    def expected(self):
        return self.riverlight_slots("next", "--counted", str(self.count["COUNTED"]), "--starts", str(len(self.count["STARTS"])),
                                     *(["--last", self.count["LAST"]] if self.count["LAST"] else [])).split()

    def count_after(self):
        block = subprocess.run(["mtype", "-i", f"{self.path}@@{CHOOSER * SECTOR}", "::starts"], check=True, capture_output=True).stdout
        assert len(block) == 1024, "it is written in place"
        found = dict(line.split("=", 1) for line in block.decode().split("\n") if "=" in line and not line.startswith("#"))
        return [found["COUNTED"], str(len(found["STARTS"])), found["LAST"] or "-"]


class ChooserTest(unittest.TestCase):
    def test_grub_reads_the_scripts(self):
        for name in ("grub.cfg", "choose.cfg"):
            done = subprocess.run(["grub-script-check", source / "firmware/image" / name], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""), name)

    def test_the_script_chooses_and_counts_as_the_rule_does(self):
        draw = random.Random(21)
        with tempfile.TemporaryDirectory(prefix="riverlight-chooser-") as work:
            folder = pathlib.Path(work)
            disks = [Disk(folder / f"{n}.img", draw) for n in range(cases)]
            expected = [disk.expected() for disk in disks]
            (folder / "map").write_text("".join(f"(hd{n}) {disk.path}\n" for n, disk in enumerate(disks)))
            script = (source / "firmware/image/choose.cfg").read_text()
            body = "".join(f"set slots=hd{n},gpt2\nset starts=(hd{n},gpt1)/starts\nsource (host)/{folder}/choose.cfg\necho \"chosen {n} $slot_1 $slot_2\"\n" for n in range(cases))
            (folder / "choose.cfg").write_text(script)
            (folder / "grub.cfg").write_text(body + "exit\nhalt\n")
            said = subprocess.run(["grub-emu", "-d", folder, "-m", folder / "map", "-r", "host"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120).stdout
            chosen = dict(re.findall(r"chosen (\d+) (\w) \w", said))
            picks = set()
            for n, disk in enumerate(disks):
                slot, *count = expected[n]
                self.assertEqual(chosen.get(str(n)), slot, f"disk {n}: {disk.riverlight_slots('show', check=False)}{disk.count}")
                self.assertEqual(disk.count_after(), count, f"disk {n}")
                picks.add((slot, count == [str(disk.count['COUNTED']), str(len(disk.count['STARTS'])), disk.count['LAST'] or '-']))
            self.assertEqual(len(picks), 4, "both slots, counted and not")


if __name__ == "__main__":
    missing = [package for tool, package in TOOLS if not shutil.which(tool)]
    if missing:
        print(f"skipped: the chooser was not run in GRUB's emulator: not installed: {', '.join(missing)} (tools/setup image)")
        sys.exit(77)
    build, source = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    cases = int(sys.argv[3]) if len(sys.argv) > 3 else cases
    unittest.main(argv=sys.argv[:1])
