"""An emulated board that starts a disk image: QEMU with UEFI, a display, a watchdog, and the status page reached through a forwarded port."""
import json
import os
import pathlib
import random
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

import machine
from emulator import Emulator, Missing

FIRMWARE = pathlib.Path("/usr/share/OVMF")
MIB = 1 << 20


def require_tools():
    machine.require_tools()
    for path in ("OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd"):
        if not (FIRMWARE / path).exists():
            raise Missing("no UEFI (package ovmf)")
    for tool, package in (("sfdisk", "fdisk"), ("debugfs", "e2fsprogs"), ("mcopy", "mtools")):
        if not shutil.which(tool):
            raise Missing(f"no {tool} (package {package})")


def partitions_of(disk):
    """Begin and size in bytes of each partition, by name."""
    table = json.loads(subprocess.run(["sfdisk", "--json", disk], check=True, capture_output=True, text=True).stdout)["partitiontable"]
    return {p["name"]: (p["start"] * 512, p["size"] * 512) for p in table["partitions"]}


def free_port():
    """A TCP port on loopback that nothing uses now, below those that the kernel gives to other sockets meanwhile."""
    while True:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", random.randrange(10000, 32700)))
                return probe.getsockname()[1]
            except OSError:
                continue


class Card:
    """A copy of the image as a card: larger than the image, as cards are, so that the data partition has to grow."""

    def __init__(self, image, path, megabytes):
        self.path = path
        subprocess.run(["cp", "--sparse=always", image, path], check=True)
        os.truncate(path, megabytes * MIB)
        self.parts = partitions_of(image)

    def put_settings(self, text, files=()):
        """What a person set up: riverlightd.toml on the data partition, and `files` beside it."""
        file = self.path.parent / "riverlightd.toml"
        file.write_text(text)
        at, size = self.parts["data"]
        part = self.path.with_suffix(".data")
        self.copy_out("data", part)
        commands = "mkdir settings\ncd settings\n" + "".join(f"write {path} {path.name}\nset_inode_field {path.name} mode 0100644\n" for path in (file, *files))
        subprocess.run(["debugfs", "-w", "-f", "-", part], input=commands, text=True, check=True, capture_output=True)
        assert part.stat().st_size == size
        subprocess.run(["dd", f"if={part}", f"of={self.path}", "bs=1M", f"seek={at // MIB}", "conv=notrunc", "status=none"], check=True)

    def put_data(self, tree):
        """What a board that ran before has on its data partition, which has the card's size then: the files of a folder."""
        for words, typed in ((("--relocate", "gpt-bak-std", self.path), ""), (("--no-reread", "-N", str(list(self.parts).index("data") + 1), self.path), ", +\n")):
            subprocess.run(["sfdisk", "-q", *words], input=typed, text=True, check=True, capture_output=True)
        self.parts = partitions_of(self.path)
        at, size = self.parts["data"]
        part = self.path.with_suffix(".data")
        part.unlink(missing_ok=True)
        with open(part, "wb") as file:
            file.truncate(size)
        subprocess.run(["mke2fs", "-q", "-t", "ext4", "-b", "4096", "-i", "65536", "-L", "data", "-d", tree, part], check=True, capture_output=True)
        subprocess.run(["dd", f"if={part}", f"of={self.path}", "bs=1M", f"seek={at // MIB}", "conv=notrunc,sparse", "status=none"], check=True)
        part.unlink()

    def copy_out(self, name, target):
        at, size = self.parts[name]
        subprocess.run(["dd", f"if={self.path}", f"of={target}", "bs=1M", f"skip={at // MIB}", f"count={-(-size // MIB)}", "status=none"], check=True)

    def put_kernel_arguments(self, words):
        at, _ = self.parts["chooser"]
        file = self.path.with_suffix(".extra")
        file.write_text(f'set extra="{words}"\n')
        subprocess.run(["mcopy", "-o", "-i", f"{self.path}@@{at}", file, "::grub/extra.cfg"], check=True)

    def flip(self, name, offset):
        """Changes one bit of a partition."""
        with open(self.path, "r+b") as disk:
            disk.seek(self.parts[name][0] + offset)
            byte = disk.read(1)
            disk.seek(-1, os.SEEK_CUR)
            disk.write(bytes((byte[0] ^ 1,)))


class Appliance(Emulator):
    """A board that runs from a card."""

    def __init__(self, card, folder, size=(640, 360), devices=(), reaches_host=False, shift=0):
        """`reaches_host`: 10.0.2.2 is this computer, so that the board finds servers on its loopback. An instruction takes 2 ^ `shift` ns of the guest's time:
        with 0 a slow board that still plays; with more, minutes cost less of this computer's time, and frames come late."""
        folder.mkdir(exist_ok=True)
        self.console = folder / "console.log"
        self.console.write_text("")
        shutil.copy(FIRMWARE / "OVMF_VARS_4M.fd", folder / "vars.fd")
        self.port = free_port()
        words = ["qemu-system-x86_64", "-M", "q35", "-nodefaults", "-no-user-config", "-m", "1536", "-smp", "1", "-cpu", "max"]
        # As in machine.py: the guest's time follows its instructions, so that a busy computer makes no frame late.
        words += ["-accel", "tcg", "-icount", f"shift={shift},sleep=off"]
        words += ["-drive", f"if=pflash,format=raw,readonly=on,file={FIRMWARE}/OVMF_CODE_4M.fd", "-drive", f"if=pflash,format=raw,file={folder}/vars.fd"]
        words += ["-drive", f"if=none,id=card,format=raw,cache=writeback,discard=unmap,file={card.path}", "-device", "virtio-blk-pci,drive=card,bootindex=1"]
        words += ["-device", f"virtio-gpu-pci,edid=on,xres={size[0]},yres={size[1]}", "-device", "virtio-rng-pci", "-device", "i6300esb", "-action", "watchdog=reset"]
        words += ["-netdev", f"user,id=net,restrict={'off' if reaches_host else 'on'},hostfwd=tcp:127.0.0.1:{self.port}-:8080", "-device", "virtio-net-pci,netdev=net"]
        words += ["-serial", f"file:{self.console}", *devices]
        self.begin = time.monotonic()
        super().__init__(folder, ["nice", "-n", "5", *words])

    def seconds(self):
        """Real seconds since the power came, and processor seconds that the emulator used."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return time.monotonic() - self.begin, (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def text(self):
        return self.console.read_text(errors="replace")

    def until(self, what, found, seconds):
        """Waits for something to be there; an emulator that says nothing on its console for ten minutes is given up."""
        until, said, heard = time.monotonic() + seconds, 0, time.monotonic()
        while time.monotonic() < until:
            if value := found():
                return value
            assert self.process.poll() is None, f"QEMU ended before {what}"
            if len(self.text()) > said:
                said, heard = len(self.text()), time.monotonic()
            assert said or time.monotonic() - heard < 600, f"the console stayed empty before {what}"
            time.sleep(0.5)
        raise AssertionError(f"{what} did not come within {seconds} s; the console ends with:\n{self.text()[-3000:]}")

    def until_console(self, pattern, seconds):
        return self.until(pattern, lambda: re.search(pattern, self.text()), seconds)

    def console_time(self, words):
        """Seconds since the kernel's start at which the console first had these words."""
        return float(re.search(rf"\[ *([0-9.]+)\] [^\n]*{re.escape(words)}", self.text())[1])

    def status(self):
        """The answer of /v1/status; none without one."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/v1/status", timeout=10) as answer:
                return json.load(answer)
        except (urllib.error.URLError, OSError, ValueError):
            return None

    def frames(self):
        return min((outlet["frames"] for outlet in (self.status() or {}).get("outlets", [])), default=0)

    def cut_power(self):
        self.process.kill()
        self.process.wait()
