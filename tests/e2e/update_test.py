"""Updates of a board's own system: what its channel or a stick has is fetched, installed while the place may do without the board, started, and proves itself
or is given up, while the board plays on. Real riverlightd, riverlight-update and riverlight-slots; RAUC, systemd and the chooser are stand-ins.

  update_test.py BIN SOURCE: the programs' folder, the project's.
"""
import datetime
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

import one_board
from one_board import PLACE, Board, records, run
from support import wait_for

BIN, SOURCE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
KIND = "riverlight-amd64-uefi"
# Does to the slots what RAUC does: `info` checks a signature, `install` has the back end mark the slot, writes it, and has it marked again.
RAUC = """#!/bin/sh
set -e
cd {folder}
slots() {{ {bin}/riverlight-slots --device slots --running "$(cat running)" --report root/run/riverlight-slots/slots.json "$@"; }}
case $1 in
info) [ ! -e untrusted ] || {{ echo "signature verification failed" >&2; exit 1; }} ;;
install)
    : >installing
    [ ! -p wait ] || read line <wait
    [ ! -e broken ] || {{ echo "No space left on device" >&2; exit 1; }}
    other=B; [ "$(cat running)" = A ] || other=A
    slots set-state $other bad
    slots show >before
    cp "$2" slot-$other
    slots set-primary $other ;;
esac
"""


def make_bundle(folder, version, compatible=KIND):
    """A file that has the form of RAUC's bundles of the format verity."""
    manifest, message, out = folder / "manifest", folder / "message", folder / f"{version}.raucb"
    manifest.write_text(f"[update]\ncompatible={compatible}\nversion={version}\n\n[bundle]\nformat=verity\n\n[image.root]\nfilename=root.img\n")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    if not key.exists():
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=test", "-keyout", key, "-out", certificate)
    run("openssl", "cms", "-sign", "-binary", "-nodetach", "-outform", "DER", "-signer", certificate, "-inkey", key, "-in", manifest, "-out", message)
    signed = message.read_bytes()
    out.write_bytes(b"hsqs" + os.urandom(1 << 20) + signed + struct.pack(">Q", len(signed)))
    return out


class Update(unittest.TestCase):
    def setUp(self):
        for program in ("openssl", "cc"):
            if not shutil.which(program):
                self.skipTest(f"no {program}: no bundle or no clock could be made for the test")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.root, self.state = self.folder / "root", self.folder / "state"
        for name in ("etc", "run/riverlightd", "run/riverlight-update", "run/riverlight-slots"):
            (self.root / name).mkdir(parents=True)
        for name, text in (("rauc", RAUC.format(folder=self.folder, bin=BIN)), ("systemctl", f'#!/bin/sh\necho "$*" >>{self.folder}/restarts\n')):
            (self.folder / name).write_text(text)
            (self.folder / name).chmod(0o755)
        with open(self.folder / "slots", "wb") as device:
            device.truncate(1 << 20)
        self.slots("init")
        for slot in "BA":  # of a board that was updated before: both are sure, and A runs
            self.slots("set-state", slot, "good")
        self.boot("A", "0.1.0")
        run("cc", "-shared", "-fPIC", "-O1", "-o", self.folder / "wall_clock.so", SOURCE / "tests/e2e/wall_clock.c", "-ldl")
        (self.folder / "wall_clock").write_bytes(struct.pack("qq", 0, 1))
        self.tree = one_board.make_channel(BIN, SOURCE, self.folder, ["fair-work"], ["fair-work"])
        self.config = one_board.write_settings(self.folder / "board.toml", self.state, self.tree)
        self.board = None
        self.addCleanup(lambda: self.board and self.board.process.poll() is None and self.board.stop())
        self.end = threading.Event()
        self.path_unit = threading.Thread(target=self.install_when_asked)
        self.path_unit.start()
        self.addCleanup(lambda: (self.end.set(), self.let_rauc_go_on(), self.path_unit.join()))

    def slots(self, *words):
        running = (self.folder / "running").read_text() if (self.folder / "running").exists() else "A"
        return run(BIN / "riverlight-slots", "--device", self.folder / "slots", "--running", running, "--report", self.root / "run/riverlight-slots/slots.json", *words).stdout

    def boot(self, slot, version):
        """What chooser and riverlight-confirm.service do at a start, and which system it is."""
        (self.folder / "running").write_text(slot)
        (self.root / "etc/os-release").write_text(f"ID=debian\nIMAGE_ID={KIND}\nIMAGE_VERSION={version}\n")
        confirm = subprocess.Popen([BIN / "riverlight-slots", "--device", self.folder / "slots", "--running", slot, "--report", self.root / "run/riverlight-slots/slots.json",
                                    "confirm", "--address", self.root / "nobody"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for("the slots' report", lambda: confirm.poll() is not None or self.told()["running"] == slot)
        confirm.kill()
        confirm.wait(10)

    def told(self):
        path = self.root / "run/riverlight-slots/slots.json"
        return json.loads(path.read_text()) if path.exists() else {"running": ""}

    def install_when_asked(self):
        """riverlight-update.path and .service."""
        while not self.end.wait(0.05):
            if (self.root / "run/riverlightd/update.json").exists():
                subprocess.run([BIN / "riverlight-update", "--sysroot", self.root, "--store", self.state / "store", "--rauc", self.folder / "rauc", "--systemctl", self.folder / "systemctl"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)

    def let_rauc_go_on(self):
        if (self.folder / "wait").exists():
            pipe = os.open(self.folder / "wait", os.O_RDWR)
            os.write(pipe, b"\n")
            (self.folder / "wait").unlink()
            self.addCleanup(os.close, pipe)

    def start(self):
        self.board = Board(["env", f"LD_PRELOAD={self.folder}/wall_clock.so", f"WALL_CLOCK={self.folder}/wall_clock", BIN / "riverlightd", "--config", self.config,
                            "--sysroot", self.root], self.folder / "board.log")

    def set_clock(self, hours):
        with open(self.folder / "wall_clock", "r+b") as file:  # written in place: the programs have it mapped
            file.write(struct.pack("qq", hours * 3600, 1))

    def open_place(self, first, last):
        """The place is open from and until these hours from now, Phnom Penh time (UTC+7)."""
        now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=7)
        hours = "-".join(f"{now + datetime.timedelta(hours=h):%H:00}" for h in (first, last))
        places = self.folder / "source/countries/kh/places.toml"
        places.write_text(places.read_text().replace(f'id = "{PLACE}"\n', f'id = "{PLACE}"\nopen = ["{hours}"]\n'))

    def image(self, *words):
        run(BIN / "riverlight", "channel", "image", *words, "--source", self.folder / "source")
        one_board.publish(BIN, self.folder)

    def system(self):
        return (self.board.status() or {}).get("system") or {"update": {}, "running": {}, "last_update": None}

    def update_is(self, state, wait):
        self.assertIsNone(self.board.process.poll(), self.board.log_text()[-2000:])
        update = self.system()["update"]
        return (update.get("state"), update.get("wait")) == (state, wait) and update

    def wait_for_update(self, state, wait="none"):
        return wait_for(f"the update's state {state}, {wait}", lambda: self.update_is(state, wait), 60)

    def last_update(self, fault):
        return wait_for(f"an update that ended with {fault}", lambda: (last := self.system()["last_update"]) and last["fault"] == fault and last, 60)

    def restarts(self):
        path = self.folder / "restarts"
        return path.read_text().splitlines() if path.exists() else []

    def wait_for_next_airing(self):
        first = wait_for("an airing", self.board.on_air)["airing"]
        return wait_for("the next airing", lambda: (on := self.board.on_air()) and on["airing"] != first and on["airing"])

    def test_a_slot_proves_itself_wherever_the_status_page_is(self):
        """The settings name port 0: riverlightd says which one it got."""
        self.slots("set-state", "B", "bad")
        self.slots("set-primary", "B")
        self.boot("B", "0.2.0")
        self.assertEqual(self.told()["slots"]["B"]["trust"], "unsure")
        (self.folder / "built").touch()
        self.start()
        self.slots("confirm", "--seconds", "2", "--built", self.folder / "built", "--address", self.root / "run/riverlightd/status-address")
        self.assertEqual(self.told()["slots"]["B"]["trust"], "sure")

    def test_an_update_waits_for_the_place_to_close_and_for_its_hold_and_proves_itself(self):
        self.open_place(-2, 3)
        one_board.publish(BIN, self.folder)
        self.start()
        wait_for("something on air", self.board.on_air)
        self.wait_for_update("none")
        self.image("add", make_bundle(self.folder, "0.2.0"), "--share", "100")
        ready = self.wait_for_update("ready", "open")
        self.assertEqual(ready["version"], "0.2.0")
        self.assertIsNotNone(ready["place_closes"])
        self.image("hold", "0.2.0", "--why", "screens stay dark")
        self.wait_for_update("ready", "hold")
        self.assertIn("screens stay dark", self.board.get("/"))
        self.set_clock(4)
        wait_for("the closed place", lambda: "the place is closed" in self.board.get("/"))
        self.wait_for_update("ready", "hold")
        self.assertFalse((self.folder / "installing").exists())
        self.image("resume", "0.2.0")
        wait_for("the restart", self.restarts, 60)
        self.assertEqual(self.restarts(), ["reboot"])
        self.assertIn("B: empty", (self.folder / "before").read_text(), "before the slot is written")
        self.wait_for_update("restart-due", "pause")
        self.assertEqual(list((self.state / "store/images").glob("*.raucb")), [], "it is not needed any more")
        self.board.stop()

        self.boot("B", "0.2.0")
        self.start()
        self.wait_for_update("unsure")
        self.assertEqual(self.system()["running"], {"slot": "B", "version": "0.2.0", "trust": "unsure", "fault": "none"})
        self.slots("set-state", "B", "good")
        self.wait_for_update("none")
        self.assertEqual(self.last_update("none")["version"], "0.2.0")
        self.assertEqual(self.system()["other"], {"slot": "A", "version": "0.1.0", "trust": "sure", "fault": "none"})

    def test_the_board_plays_on_whatever_becomes_of_an_update(self):
        self.start()
        wait_for("something on air", self.board.on_air)

        # RAUC does not trust it, then cannot write it.
        (self.folder / "untrusted").touch()
        self.image("add", make_bundle(self.folder, "0.2.0"), "--share", "100", "--within-days", "0")
        self.assertIn("signature verification failed", self.last_update("bad-signature")["why"])
        self.wait_for_update("none")
        (self.folder / "untrusted").unlink()
        self.assertIn("was not installed", self.board.alarms())
        self.wait_for_next_airing()

        # The channel has nothing but an older version.
        self.image("remove", "0.2.0")
        self.image("add", make_bundle(self.folder, "0.0.9"), "--share", "100", "--within-days", "0")
        self.assertEqual(self.wait_for_update("none", "not-newer")["version"], "0.0.9")
        self.assertFalse((self.folder / "installing").exists())
        self.board.stop()

        # It is installed while the board plays, and its root turns out to be damaged.
        self.start()
        os.mkfifo(self.folder / "wait")
        self.image("add", make_bundle(self.folder, "0.3.0"), "--share", "100", "--within-days", "0")
        wait_for("RAUC at work", (self.folder / "installing").exists, 60)
        during = self.wait_for_next_airing()
        self.wait_for_next_airing()
        self.wait_for_update("installing")
        self.let_rauc_go_on()
        wait_for("the restart", self.restarts, 60)
        self.board.stop()
        self.slots("give-up", "B")
        self.boot("A", "0.1.0")
        self.start()
        self.assertEqual(self.last_update("root-damaged")["version"], "0.3.0")
        self.assertIn("went back", self.board.alarms())
        self.assertEqual(self.system()["other"], {"slot": "B", "version": "0.3.0", "trust": "failed", "fault": "root-damaged"})
        self.wait_for_update("none")
        self.wait_for_next_airing()
        self.board.stop()
        self.assertEqual([r["status"] for r in records(BIN, self.state) if r["airing"] == during], ["aired"])
        self.assertEqual([r for r in records(BIN, self.state) if r["status"] == "failed"], [])

    def test_a_stick_brings_a_version_and_may_be_pulled(self):
        shutil.copytree(self.tree, self.folder / "board-tree")
        one_board.write_settings(self.config, self.state, self.folder / "board-tree")
        self.start()
        wait_for("something on air", self.board.on_air)
        self.image("add", make_bundle(self.folder, "0.2.0"), "--share", "100")
        stick = self.folder / "stick"
        stick.mkdir()
        run(BIN / "riverlight", "carry", "out", "--channel", self.tree, "--to", stick, "--place", PLACE, "--images")
        carried = next(stick.rglob("*.raucb"))
        whole = carried.read_bytes()
        carried.write_bytes(whole[:100_000])  # what a stick that was pulled out too early has of it
        words = (BIN / "riverlight", "carry", "in", stick, "--config", self.config, "--sysroot", self.root)
        broken = run(*words, ok=False)
        self.assertIn("No new version of the board's system was taken from the stick", broken.stdout)
        self.wait_for_next_airing()
        self.assertEqual(list((self.state / "store/images").glob("*.raucb")), [])
        carried.write_bytes(whole)
        self.assertIn("Version 0.2.0 of the board's system is here", run(*words).stdout)
        here = ("ready", "installing", "restart-due")  # in the night it goes on at once
        wait_for("the update", lambda: (update := self.system()["update"]).get("version") == "0.2.0" and update["state"] in here, 60)

    def test_a_system_that_packages_update_asks_for_nothing(self):
        (self.root / "etc/os-release").write_text("ID=debian\n")
        self.image("add", make_bundle(self.folder, "0.2.0"), "--share", "100", "--within-days", "0")
        self.start()
        wait_for("something on air", self.board.on_air)
        self.assertIsNone(self.board.status()["system"])
        self.assertIn("updated by its packages", self.board.get("/"))
        self.assertFalse((self.state / "store/images").exists())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
