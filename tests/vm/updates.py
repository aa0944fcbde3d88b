"""A board's disk image in an emulated machine takes an update of its system from a channel, returns from those that do not
work, and refuses what it may not install."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import appliance
import bundles
import look
import machine
from channel_server import Channel

CARD_MB = 2400
# A look at the channel each minute: a download has the time between two of them, and goes on in the next.
SETTINGS = """format = 1
state = "/var/lib/riverlight"
[channel]
url = "http://10.0.2.2:{port}"
root = "/etc/riverlight/1.root.json"
check_s = 60
[place]
id = "kh-pp-01"
[[outlet]]
id = "screen"
spec = "drm"
[status]
listen = "0.0.0.0:8080"
[factory]
path = "/usr/share/riverlight/factory"
"""
# Seconds of this computer: emulation takes one to two minutes of processor time for a start, and other work may be beside it.
STARTS, STEP, PROVES = 1800, 1800, 3600
# Real time follows the board's busy time. With a smaller panel the player leaves most of the processor to the installer, which gives way to it; at half
# the speed (1) the installer had 8 % of it.
SHIFT, PANEL = 0, (320, 180)
options = None


def require(test):
    """Skips what needs an image, its tree and the key that signs its bundles."""
    try:
        appliance.require_tools()
    except machine.Missing as why:
        raise unittest.SkipTest(f"no update was tested in a machine: {why}") from why
    if not (options.image / "disk.img").exists() or not (options.image / "root").is_dir():
        raise unittest.SkipTest(f"no update was tested in a machine: {options.image} has no disk.img and root; firmware/image/build makes them")
    if not (options.key and options.certificate):
        raise unittest.SkipTest("no update was tested in a machine: --key and --certificate name what firmware/image/build signed the image's bundle with")
    if options.certificate.read_bytes() != (options.image / "root/etc/rauc/keyring.pem").read_bytes():
        raise unittest.SkipTest(f"no update was tested in a machine: the image does not trust {options.certificate}")
    test.folder = pathlib.Path(tempfile.mkdtemp(prefix="rl-vm-", dir=options.keep))
    if not options.keep:
        test.addClassCleanup(shutil.rmtree, test.folder, ignore_errors=True)


class UpdatingBoard:
    """A card, the channel that its board follows, and the machine that runs from it now."""

    def __init__(self, folder):
        self.folder, self.starts, self.board = folder, 0, None
        self.bundles = bundles.Bundles(options.image, options.key, options.certificate)
        (folder / "channel").mkdir()
        self.channel = Channel(options.bin, folder / "channel")
        self.card = None

    def new_card(self, fetched=False):
        """The image on a card, with what a person set up; `fetched`: and what the board has fetched of its channel, an update with it."""
        self.card = appliance.Card(options.image / "disk.img", self.folder / "card.img", CARD_MB)
        settings = SETTINGS.format(port=self.channel.port)
        if fetched:
            tree = self.folder / "data"
            (tree / "settings").mkdir(parents=True)
            (tree / "settings/riverlightd.toml").write_text(settings)
            shutil.copy(self.channel.root(), tree / "settings")
            self.channel.fetch(options.image / "root/etc/os-release", tree / "riverlight")
            self.card.put_data(tree)
            shutil.rmtree(tree)
        else:
            self.card.put_settings(settings, [self.channel.root()])
        # What services say is on the console, which says why a test failed.
        self.card.put_kernel_arguments("systemd.journald.forward_to_console=1")

    def start(self):
        self.starts += 1
        self.board = appliance.Appliance(self.card, self.folder / f"start{self.starts}", size=PANEL, reaches_host=True, shift=SHIFT)

    def keep_card(self, name):
        """A copy of the card as it is now. Returns its path."""
        kept = self.folder / f"{name}.img"
        subprocess.run(["cp", "--sparse=always", "--reflink=auto", self.card.path, kept], check=True)
        return kept

    def use_card(self, kept):
        subprocess.run(["cp", "--sparse=always", "--reflink=auto", kept, self.card.path], check=True)

    def cut_power(self):
        if self.board:
            self.board.close()
            self.board = None

    def close(self):
        self.cut_power()
        self.channel.close()

    def system(self):
        """What the status page says of the system; empty while no page answers."""
        status = self.board.status() or {}
        return status.get("system") or {"update": {}, "running": {}, "other": {}, "last_update": None}

    def until_update(self, state, wait="none", seconds=STEP):
        """Waits until the update is in a state. Returns what the status says of it."""

        def found():
            update = self.system()["update"]
            return (update.get("state"), update.get("wait")) == (state, wait) and update

        return self.board.until(f"the update's state {state}, {wait}", found, seconds)

    def until_runs(self, slot, trust, seconds=STARTS):
        def found():
            running = self.system()["running"] or {}
            return (running.get("slot"), running.get("trust")) == (slot, trust) and running

        return self.board.until(f"slot {slot}, {trust}", found, seconds)

    def until_last_update(self, version, fault, seconds=STEP):
        def found():
            last = self.system()["last_update"] or {}
            return (last.get("version"), last.get("fault")) == (version, fault) and last

        return self.board.until(f"the last update {version}, {fault}", found, seconds)

    def until_it_plays(self, seconds=STARTS):
        """Waits for an item of the channel on air, and for two seconds of frames from then on."""
        self.board.until("an item on air", lambda: any(o["on_air"] for o in (self.board.status() or {}).get("outlets", [])), seconds)
        before = self.board.frames()
        self.board.until("frames", lambda: self.board.frames() > before + 50, seconds)

    def starts_of(self, slot):
        """How often the chooser has started a slot since the power came."""
        return self.board.text().count(f"riverlight: slot {slot}, generation")

    def picture(self, name):
        return look.brightness(look.grid_of(self.board.panel(self.folder / f"{name}.png")))


class UpdateTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        require(cls)
        cls.on = UpdatingBoard(cls.folder)
        cls.addClassCleanup(cls.on.close)

    def say(self, text):
        print(f"\n  {text}", end="", flush=True)

    def test_1_it_takes_an_update_from_its_channel(self):
        on = self.on
        version = on.bundles.version_of(60)
        update = on.bundles.make("whole", 60)
        on.new_card()
        on.channel.offer(update)
        on.start()
        self.assertEqual(on.until_update("installing", seconds=STARTS + STEP)["version"], version)
        self.assertEqual(on.system()["running"]["slot"], "A")
        on.board.until_console("Request 1 is done", STEP)
        begun, ended = (on.board.console_time(words) for words in ("Starting riverlight-update.service", "Request 1 is done"))
        self.say(f"installation: {ended - begun:.0f} s of the board's time")
        on.until_runs("B", "unsure")
        on.until_it_plays()
        self.assertEqual(on.until_update("unsure")["version"], version)
        self.assertGreater(on.picture("updated"), 5, "the panel is black")
        self.assertEqual(on.until_runs("B", "sure", PROVES)["version"], version)
        on.until_last_update(version, "none")
        self.assertEqual(on.system()["version"], version)
        self.assertEqual(on.system()["other"] | {"fault": ""}, {"slot": "A", "version": on.bundles.version, "trust": "sure", "fault": ""})

    def test_2_a_daemon_that_does_not_run_is_given_up(self):
        self.returns_from("daemon-exits", 120, "did-not-play")
        self.assertEqual(self.on.starts_of("B"), 1)

    def test_3_a_system_that_does_not_start_has_three_starts(self):
        self.returns_from("init-missing", 180, "starts-used")
        self.assertEqual(self.on.starts_of("B"), 3)

    def returns_from(self, kind, step, fault):
        """A version that does not work is installed and started, and the board returns by itself to the slot that ran before."""
        on = self.on
        version = on.bundles.version_of(step)
        on.cut_power()
        on.channel.offer(on.bundles.make(kind, step))
        on.new_card(fetched=True)
        on.start()
        on.board.until("a start of the new version", lambda: on.starts_of("B"), STARTS + STEP)
        on.board.until("a start of the version before", lambda: on.starts_of("A") > 1, PROVES)
        on.until_runs("A", "sure")
        on.until_last_update(version, fault)
        on.until_it_plays()
        system = on.system()
        self.assertEqual(system["version"], on.bundles.version)
        self.assertEqual(system["other"], {"slot": "B", "version": version, "trust": "failed", "fault": fault})
        self.assertIn("went back", " ".join(on.board.status()["alarms"]))
        on.until_update("none")  # it is not tried again
        self.assertGreater(on.picture(f"after-{kind}"), 5, "the panel is black")

    def test_4_what_may_not_be_installed_is_refused_in_words_and_the_board_plays_on(self):
        on = self.on
        on.cut_power()
        on.channel.take_back()
        on.channel.offer(on.bundles.make("whole", -60))
        on.new_card()
        on.start()
        self.assertEqual(on.until_update("none", "not-newer", STARTS)["version"], on.bundles.version_of(-60))
        on.channel.take_back()

        damaged = on.bundles.version_of(240)
        on.channel.offer(on.bundles.make("whole", 240))
        on.channel.flip_served_bundle()
        update = on.board.until("the damaged bundle refused", lambda: (u := on.system()["update"]).get("version") == damaged and u["why"] and u, STEP)
        self.assertIn(update["wait"], ("unusable", "unreachable"))
        on.channel.take_back()

        foreign = on.bundles.version_of(300)
        on.channel.offer(on.bundles.make("whole", 300, foreign=True))
        self.assertIn("signature", on.until_last_update(foreign, "bad-signature")["why"])
        on.until_it_plays()
        self.assertEqual(on.system()["other"]["trust"], "empty", "nothing was written")
        self.assertEqual((on.starts_of("A"), on.starts_of("B")), (1, 0))
