"""A virtual machine for the player: QEMU with a virtio graphics device, an emulated sound card and a Debian kernel.

The guest's root is the host's file system, read-only (virtio 9p), so that it runs the programs and libraries just built. This file also makes
a small initramfs with busybox and the kernel modules to mount that root. Needs no root rights and installs nothing.
"""
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import time

from emulator import Emulator, Missing

SCREEN_MODULES = ["virtio_pci", "9pnet_virtio", "9p", "virtio_gpu", "virtio_console", "snd_hda_codec_generic", "snd_hda_intel", "vivid"]

INIT = """#!/bin/busybox sh
/bin/busybox mkdir -p /dev /proc /sys /host
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
for module in $(/bin/busybox cat /modules/order); do /bin/busybox insmod /modules/$module || echo "insmod $module failed"; done
/bin/busybox mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=262144,cache=loose host /host || echo "no root from the host"
for folder in dev proc sys; do /bin/busybox mount -o bind /$folder /host/$folder; done
/bin/busybox mount -t tmpfs run /host/run
/bin/busybox chroot /host /bin/sh @SCRIPT@
/bin/busybox sync
echo o > /proc/sysrq-trigger
/bin/busybox sleep 60
"""


def find_kernel(given):
    """A kernel's image and its modules' folder: `given` (an unpacked Debian kernel package), or this system's."""
    for root in [pathlib.Path(given)] if given else [pathlib.Path("/")]:
        for image in sorted(root.glob("boot/vmlinuz-*"), reverse=True):
            modules = root / "lib/modules" / image.name.removeprefix("vmlinuz-")
            if list(modules.rglob("virtio-gpu.ko")):
                return image, modules
    raise Missing(f"no Debian kernel with virtio-gpu in {given or '/boot'}; see tests/vm/README.md")


def require_tools():
    for tool, package in (("qemu-system-x86_64", "qemu-system-x86"), ("busybox", "busybox-static"), ("ffmpeg", "ffmpeg")):
        if not shutil.which(tool):
            raise Missing(f"no {tool} (package {package})")


def dependencies_of(path):
    """The modules that a module depends on (its .modinfo)."""
    text = path.read_bytes()
    at = text.index(b"depends=") + 8
    return [name for name in text[at : text.index(b"\0", at)].decode().split(",") if name]


def load_order(modules, names):
    """Paths of `names` and their dependencies in load order, without modules built into the kernel."""
    files = {path.stem.replace("-", "_"): path for path in modules.rglob("*.ko")}
    order = []

    def add(name):
        path = files.get(name.replace("-", "_"))
        if path is None or path in order:
            return
        for needed in dependencies_of(path):
            add(needed)
        order.append(path)

    for name in names:
        add(name)
    return order


def libraries_of(program):
    """The shared libraries of a program; none if it is static, as in busybox-static."""
    said = subprocess.run(["ldd", program], capture_output=True, text=True).stdout
    return [pathlib.Path(path) for path in re.findall(r"(/\S+) \(0x", said)]


def write_initramfs(path, modules, names, script):
    """Writes a cpio archive (newc), as in Documentation/driver-api/early-userspace/buffer-format.rst of the kernel."""
    entries = [("bin", 0o40755, b""), ("modules", 0o40755, b"")]
    order = load_order(modules, names)
    entries += [(f"modules/{m.name}", 0o100644, m.read_bytes()) for m in order]
    entries.append(("modules/order", 0o100644, "\n".join(m.name for m in order).encode()))
    busybox = pathlib.Path(shutil.which("busybox"))
    entries.append(("bin/busybox", 0o100755, busybox.read_bytes()))
    libraries = libraries_of(busybox)
    folders = {str(up)[1:] for library in libraries for up in library.parents if str(up) not in ("/", "/bin")}
    entries += [(folder, 0o40755, b"") for folder in sorted(folders)]
    entries += [(str(library)[1:], 0o100755, library.read_bytes()) for library in libraries]
    entries.append(("init", 0o100755, INIT.replace("@SCRIPT@", str(script)).encode()))
    with open(path, "wb") as out:

        def put(name, mode, data, number):
            head = "070701" + "".join(f"{n:08X}" for n in (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0))
            out.write(head.encode() + name.encode() + b"\0")
            out.write(b"\0" * (-out.tell() % 4) + data)
            out.write(b"\0" * (-out.tell() % 4))

        for number, (name, mode, data) in enumerate(entries):
            put(name, mode, data, number + 1)
        put("TRAILER!!!", 0, b"", 0)


def screen_devices(width, height, wav):
    """QEMU arguments for a display, read by screendump, and a loudspeaker, recorded in the file `wav`."""
    return ["-device", f"virtio-gpu-pci,edid=on,xres={width},yres={height}",
            "-audiodev", f"wav,id=sound,path={wav},out.frequency=48000,timer-period=1000", "-device", "intel-hda",
            "-device", "hda-output,audiodev=sound,mixer=off"]


def usb_devices():
    """QEMU arguments for a USB port for sticks."""
    return ["-device", "qemu-xhci,id=usb"]


class Machine(Emulator):
    """One run of QEMU. The guest runs `script`, a file on the host's root. `modules` are kernel modules and `devices` QEMU
    arguments for the devices under test."""

    def __init__(self, folder, kernel, script, modules, devices, kvm=False):
        image, path = kernel
        write_initramfs(folder / "initramfs", path, modules, script)
        self.console = folder / "console.log"
        words = ["qemu-system-x86_64", "-M", "q35", "-nodefaults", "-no-user-config", "-m", "1024", "-smp", "2" if kvm else "1", "-no-reboot"]
        words += ["-cpu", "max,-arch-capabilities"]  # a capability that nested KVM cannot provide
        # In software, one guest instruction takes one nanosecond of guest time, however long it really takes, so that the guest's timing
        # does not depend on the speed or load of this computer.
        words += ["-accel", "kvm"] if kvm else ["-accel", "tcg", "-icount", "shift=0,sleep=off"]
        words += ["-kernel", image, "-initrd", folder / "initramfs", "-append", "console=ttyS0 quiet loglevel=4 vt.global_cursor_default=0"]
        words += devices
        words += ["-virtfs", "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap"]
        words += ["-device", "virtio-serial-pci", "-chardev", f"socket,id=cues,path={folder}/cues,server=on,wait=off"]
        words += ["-device", "virtserialport,chardev=cues,name=cues,nr=1"]
        words += ["-chardev", f"socket,id=plug,path={folder}/plug,server=on,wait=off", "-device", "virtserialport,chardev=plug,name=plug,nr=2"]
        words += ["-serial", f"file:{self.console}"]
        super().__init__(folder, words)
        self.said = b""
        try:
            self.cues = self.connect("cues")
            self.plugs = self.connect("plug")
        except OSError as why:
            raise self.ended() from why

    def say(self, command):
        self.cues.sendall(json.dumps(command).encode() + b"\n")

    def events(self, seconds):
        """Yields the player's events until none arrives for `seconds`."""
        until = time.monotonic() + seconds
        while True:
            while b"\n" in self.said:
                line, self.said = self.said.split(b"\n", 1)
                if line.startswith(b"{"):
                    yield json.loads(line)
            left = until - time.monotonic()
            if left <= 0:
                return
            self.cues.settimeout(left)
            try:
                got = self.cues.recv(65536)
            except socket.timeout:
                return
            if not got:
                return
            self.said += got

    def plug(self, there):
        """Unplugs the display or plugs it in, by the connector's sysfs file `status` in the guest."""
        self.plugs.sendall(b"detect\n" if there else b"off\n")

    def plug_stick(self, image):
        """Plugs in a USB stick whose content is the file `image`."""
        self.ask("blockdev-add", driver="raw", **{"node-name": "stick", "file": {"driver": "file", "filename": str(image)}})
        self.ask("device_add", driver="usb-storage", id="stick", drive="stick", removable=True)

    def pull_stick(self):
        self.ask("device_del", id="stick")
        until = time.monotonic() + 60
        while True:  # once the device has released it
            try:
                return self.ask("blockdev-del", **{"node-name": "stick"})
            except RuntimeError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def wait(self, seconds):
        self.process.wait(seconds)
