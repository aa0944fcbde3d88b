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
    """A disk as the chooser finds it: its own partition with the file `starts`, and the slots' partition, made by `commands` of riverlight-slots."""

    def __init__(self, path, commands):
        self.path, self.count = path, {}
        path.write_bytes(bytes(SECTORS * SECTOR))
        subprocess.run(["sfdisk", "-q", path], input=f"label: gpt\nfirst-lba: 2048\nstart={CHOOSER}, size=4096, name=chooser\nstart={SLOTS}, size=1024, name=slots\n".encode(), check=True)
        self.slots = path.with_suffix(".slots")
        self.slots.write_bytes(bytes(1024 * SECTOR))
        for words in commands:
            self.riverlight_slots(*words, check=False)

    def generation(self):
        shown = re.search(r"generation (\d+)", self.riverlight_slots("show", check=False))
        return int(shown[1]) if shown else 0

    def damage_state(self, at, bit):
        state = bytearray(self.slots.read_bytes())
        state[at] ^= 1 << bit
        self.slots.write_bytes(state)

    def finish(self, count):
        """Writes what `slots` holds, and a count."""
        self.count = count
        with open(self.path, "r+b") as disk:
            disk.seek(SLOTS * SECTOR)
            disk.write(self.slots.read_bytes())
        starts = self.path.with_suffix(".starts")
        starts.write_bytes(environment_block(count))
        at = f"{self.path}@@{CHOOSER * SECTOR}"
        subprocess.run(["mformat", "-i", at, "-h", "2", "-t", "64", "-s", "32", "::"], check=True)
        subprocess.run(["mcopy", "-i", at, starts, "::starts"], check=True)

    def riverlight_slots(self, *words, check=True):
        return subprocess.run([build / "bin/riverlight-slots", "--device", self.slots, "--running", "A", *words], check=check, capture_output=True, text=True).stdout

    def expected(self):
        return self.riverlight_slots("next", "--counted", str(self.count["COUNTED"]), "--starts", str(len(self.count["STARTS"])),
                                     "--tries", str(len(self.count["TRIES"])), *(["--last", self.count["LAST"]] if self.count["LAST"] else []),
                                     *(["--mark", self.count["MARK"]] if self.count["MARK"] else [])).split()

    def count_after(self):
        block = subprocess.run(["mtype", "-i", f"{self.path}@@{CHOOSER * SECTOR}", "::starts"], check=True, capture_output=True).stdout
        assert len(block) == 1024, "it is written in place"
        found = dict(line.split("=", 1) for line in block.decode().split("\n") if "=" in line and not line.startswith("#"))
        return self.words_of(found)

    @staticmethod
    def words_of(count):
        return [str(count["COUNTED"]), str(len(count["STARTS"])), count["LAST"] or "-", str(len(count["TRIES"])), count["MARK"] or "-"]


def draw_disk(path, draw):
    """One state after another, as an installer writes them, damage in a copy or none, and some count."""
    commands = [["init"], ["set-state", "B", "good"]] if draw.random() < 0.4 else []  # of a board that has taken an update
    for _ in range(draw.randrange(6) if draw.random() < 0.7 else 0):
        commands.append(draw.choice((["init"], ["set-state", draw.choice("AB"), "bad"], ["set-state", draw.choice("AB"), "good"],
                                     ["set-primary", draw.choice("AB")], ["give-up", draw.choice("AB")])))
    if draw.random() < 0.8:
        commands.append(["arrived", draw.choice(("odd", "even"))])
    disk = Disk(path, commands)
    for copy in (128, 256):  # in the block or in its hash
        if draw.random() < 0.2:
            disk.damage_state(copy * SECTOR + draw.randrange(3 * SECTOR), draw.randrange(8))
    generation = disk.generation()
    disk.finish({"COUNTED": draw.choice((generation, generation, max(0, generation - 1))), "STARTS": "x" * draw.randrange(4), "LAST": draw.choice(("", "A", "B")),
                 "TRIES": "x" * draw.choice((0, 1, 7, 8)), "MARK": draw.choice(("", "odd", "even"))})
    return disk


def run_chooser(folder, disks):
    """Runs the script on the disks in GRUB's emulator. Returns (slot, mark) of each, by its number."""
    (folder / "map").write_text("".join(f"(hd{n}) {disk.path}\n" for n, disk in enumerate(disks)))
    body = "".join(f"set slots=hd{n},gpt2\nset starts=(hd{n},gpt1)/starts\nsource (host)/{folder}/choose.cfg\necho \"chosen {n} $slot_1 $slot_2 ($mark)\"\n" for n in range(len(disks)))
    (folder / "choose.cfg").write_text((source / "firmware/image/choose.cfg").read_text())
    (folder / "grub.cfg").write_text(body + "exit\nhalt\n")
    said = subprocess.run(["grub-emu", "-d", folder, "-m", folder / "map", "-r", "host"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300).stdout
    return {int(number): (slot, mark) for number, slot, mark in re.findall(r"chosen (\d+) (\w) \w \((\w*)\)", said)}


class ChooserTest(unittest.TestCase):
    def test_grub_reads_the_scripts(self):
        for name in ("grub.cfg", "choose.cfg"):
            done = subprocess.run(["grub-script-check", source / "firmware/image" / name], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""), name)

    def test_the_script_chooses_and_counts_as_the_rule_does(self):
        draw = random.Random(21)
        with tempfile.TemporaryDirectory(prefix="riverlight-chooser-") as work:
            folder = pathlib.Path(work)
            disks = [draw_disk(folder / f"{n}.img", draw) for n in range(cases)]
            expected = [disk.expected() for disk in disks]
            chosen = run_chooser(folder, disks)
            picks = set()
            for n, disk in enumerate(disks):
                slot, *count, marked = expected[n]
                self.assertEqual(chosen.get(n), (slot, count[-1] if marked == "marked" else ""), f"disk {n}: {disk.riverlight_slots('show', check=False)}{disk.count}")
                self.assertEqual(disk.count_after(), count, f"disk {n}: {disk.count}")
                picks.add((slot, count != disk.words_of(disk.count), marked))
            self.assertEqual(len(picks), 6, f"both slots: not counted, counted, counted and marked: {picks}")

    def test_a_damaged_count_gives_no_slot_starts_without_end(self):
        """The file is text: what is in it after damage may be no count."""
        unsure, sure = ["set-primary", "B"], ["set-state", "B", "good"]
        faults = (("an unsure slot, too many starts", unsure, {"STARTS": "xxxxx"}, ("A", "")), ("an unsure slot, no count", unsure, {"STARTS": "zz"}, ("A", "")),
                  ("two sure slots, too many tries", sure, {"TRIES": "x" * 11, "MARK": "odd"}, ("A", "odd")), ("two sure slots, no count", sure, {"TRIES": "?", "MARK": "odd"}, ("A", "odd")),
                  ("two sure slots, no mark", sure, {"TRIES": "xxx", "MARK": "often"}, ("B", "odd")))
        with tempfile.TemporaryDirectory(prefix="riverlight-chooser-") as work:
            folder = pathlib.Path(work)
            disks = []
            for n, (_, state, damage, _) in enumerate(faults):
                disks.append(Disk(folder / f"{n}.img", (["init"], state, ["arrived", "even"])))
                disks[-1].finish({"COUNTED": disks[-1].generation(), "STARTS": "", "LAST": "B", "TRIES": "", "MARK": "", **damage})
            chosen = run_chooser(folder, disks)
            for n, (what, _, _, expected) in enumerate(faults):
                self.assertEqual(chosen.get(n), expected, what)


if __name__ == "__main__":
    missing = [package for tool, package in TOOLS if not shutil.which(tool)]
    if missing:
        print(f"skipped: the chooser was not run in GRUB's emulator: not installed: {', '.join(missing)} (tools/setup image)")
        sys.exit(77)
    build, source = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    cases = int(sys.argv[3]) if len(sys.argv) > 3 else cases
    unittest.main(argv=sys.argv[:1])
