"""Sticks with a damaged filesystem, mounted by a kernel and imported by the board's own unit (case 81).

The guest's kernel writes a channel to a vfat stick; fat.py damages its image on the host, and it is plugged in again by USB. The board keeps
its release and plays on, reports what is wrong, and nothing hangs.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))
import fat
import machine
import one_board

OLD, NEW = "fair-work", "free-movement"
MODULES = ["virtio_pci", "9pnet_virtio", "9p", "virtio_console", "xhci_pci", "usb_storage", "sd_mod", "vfat", "nls_cp437", "nls_ascii", "nls_utf8"]
IMAGE_KB, SEEDS = 65536, 1
LIMIT = 120  # seconds of the guest's time for one import; the unit has hours, which a stick with a film takes
options = None


class DamagedStick(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        for program in ("riverlight", "riverlightd", "riverlight-player"):
            if not (options.bin / program).exists():
                raise unittest.SkipTest(f"no {program} in {options.bin}: damaged sticks were not tested; build it first")
        made = subprocess.run(["busybox", "mkdosfs"], capture_output=True, text=True)
        if "applet not found" in made.stderr:
            raise unittest.SkipTest("this busybox cannot make FAT (package busybox-static): damaged sticks were not tested")
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-vm-stick-", dir=options.keep))
        if not options.keep:
            cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.folder.chmod(0o755)  # the user nobody reads it in the guest
        tree, stick = one_board.make_stick_with_new_release(options.bin, ROOT, cls.folder, OLD, NEW)
        config = one_board.write_settings(cls.folder / "board.toml", "/run/board", tree, outlets='[[outlet]]\nid = "screen"\nspec = "null?size=64x36"\n')
        cls.image = cls.folder / "stick.img"
        with open(cls.image, "wb") as file:
            file.truncate(IMAGE_KB << 10)
        subprocess.run(["busybox", "mkdosfs", cls.image], check=True, capture_output=True)
        script = cls.folder / "script.sh"
        unit = ROOT / "firmware/stick/riverlight-stick@.service.in"
        script.write_text(f"export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/run TMPDIR=/run PYTHONDONTWRITEBYTECODE=1\n{sys.executable} {ROOT}/tests/vm/board.py "
                          f"$(echo /dev/vport*p1) {options.bin} {config} {unit}\necho board ended: $?\n")
        cls.machine = machine.Machine(cls.folder, options.machine, script, MODULES, machine.usb_devices(), kvm=options.kvm)
        cls.addClassCleanup(cls.machine.close)
        cls.before = cls.expect("board", 900)
        cls.machine.plug_stick(cls.image)
        cls.machine.say({"do": "fill", "from": str(stick)})
        cls.expect("filled", 300)
        cls.pull()
        cls.sound = cls.image.read_bytes()

    @classmethod
    def expect(cls, kind, seconds):
        until = time.monotonic() + seconds * (1 if options.kvm else 10)
        while time.monotonic() < until:
            for event in cls.machine.events(1):
                if event["type"] == kind:
                    return event
                raise AssertionError(f"{event} came instead of {kind}")
            if cls.machine.process.poll() is not None:
                break
        raise AssertionError(f"{kind} did not come: {cls.machine.console.read_text(errors='replace')[-2000:]}")

    @classmethod
    def pull(cls):
        cls.machine.pull_stick()
        cls.machine.say({"do": "gone"})
        cls.expect("gone", 120)

    def take(self, name, data):
        path = self.folder / "damaged.img"
        path.write_bytes(data)
        self.machine.plug_stick(path)
        self.machine.say({"do": "import", "name": name, "limit": LIMIT})
        report = self.expect("import", LIMIT + 300)
        self.pull()
        if options.keep:
            with open(self.folder / "reports", "a") as out:
                print(report, file=out)
        print(f"  {name}: {report['result']} {report['status']} after {report['seconds']} s: {report['stick']['words']}", file=sys.stderr)
        self.assertEqual([line for line in report["kernel"] if "BUG:" in line or "Oops" in line or "Call Trace" in line], [])
        return report

    def test_case_81_1_every_damage_is_reported_and_the_board_keeps_its_release(self):
        self.assertEqual(self.before["segment"], OLD)
        for seed in range(SEEDS):
            for how in fat.DAMAGES:
                with self.subTest(how.__name__, seed=seed):
                    report = self.take(f"{how.__name__} {seed}", fat.apply_damage(self.sound, how, seed))
                    self.assertNotEqual(report["result"], "stuck", f"for good, in {report['status']}")
                    self.assertEqual((report["release"], report["next"]), (self.before["release"], OLD))
                    self.assertEqual((report["mode"], report["restarts"]), (self.before["mode"], self.before["restarts"]))
                    # A folder that lost its entries looks like an empty one.
                    said = "no channel on the stick" if report["result"] == "success" else "was not taken: |could not be opened|ended before it was done"
                    self.assertRegex(report["stick"]["words"], said)
                    self.assertEqual(report["stick"]["state"], "done" if report["result"] == "success" else "failed")

    def test_case_81_2_the_same_stick_without_damage_is_imported(self):
        report = self.take("sound", self.sound)
        self.assertEqual((report["result"], report["stick"]["state"]), ("success", "done"), report)
        self.assertNotEqual(report["release"], self.before["release"])
        self.machine.say({"do": "quit"})
        self.assertEqual(self.expect("end", 120)["code"], 0)
