"""A board's disk image (firmware/image/build) in an emulated machine: it starts and plays, plays the factory loop without settings, and
runs nothing that is damaged. Each test has a card of its own."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import appliance
import look
import machine

CARD_MB = 1400
SETTINGS = """format = 1
state = "/var/lib/riverlight"
[channel]
url = "file:///data/no-channel"
root = "/etc/riverlight/root.json"
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
# Seconds for a start; emulation takes one to two minutes of processor time.
CHOSEN, PLAYS = 900, 1800
options = None


class ImageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            appliance.require_tools()
        except machine.Missing as why:
            raise unittest.SkipTest(f"the image was not started: {why}") from why
        if not (options.image / "disk.img").exists():
            raise unittest.SkipTest(f"the image was not started: there is none in {options.image}; firmware/image/build makes it")
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-vm-image-", dir=options.keep))
        if not options.keep:
            cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)

    def card(self, settings=SETTINGS):
        card = appliance.Card(options.image / "disk.img", self.folder / f"{self._testMethodName[:6]}.img", CARD_MB)
        self.addCleanup(card.path.unlink)
        if settings:
            card.put_settings(settings)
        return card

    def start(self, card, turn=1):
        board = appliance.Appliance(card, self.folder / f"{self._testMethodName[:6]}.{turn}")  # a short path: it holds a socket
        self.addCleanup(board.close)
        return board

    def slots(self, card):
        """What `riverlight-slots show` says of the card's state, with the names of slots as keys."""
        part = self.folder / "slots"
        card.copy_out("slots", part)
        said = subprocess.run([options.bin / "riverlight-slots", "--device", part, "show"], check=True, capture_output=True, text=True).stdout
        return dict(line.split(": ", 1) for line in said.splitlines()[1:])

    def until_it_plays(self, board):
        board.until("frames", lambda: board.frames() > 50, PLAYS)

    def test_1_it_starts_and_plays_and_the_data_partition_takes_the_card(self):
        card = self.card()
        board = self.start(card)
        board.until_console(r"riverlight: slot A, generation \d+ \(sure empty\)", CHOSEN)
        chosen = board.seconds()
        board.until("the status page", board.status, PLAYS)
        ready = board.seconds()
        self.until_it_plays(board)
        playing = board.seconds()
        for what, (real, processor) in (("chooser", chosen), ("status page", ready), ("frames", playing)):
            print(f"\n  power to {what}: {real:.0f} s, {processor:.0f} s of the emulator's processor time", end="", flush=True)
        status = board.status()
        self.assertEqual((status["board"], status["mode"]), ("kh-pp-01", "normal"))
        panel = board.panel(self.folder / "started.png")
        self.assertGreater(look.brightness(look.grid_of(panel)), 5, "the panel is black")
        board.cut_power()
        table = appliance.partitions_of(card.path)
        self.assertGreater(table["data"][1], card.parts["data"][1] * 4)

    def test_2_without_settings_the_factory_loop_plays(self):
        board = self.start(self.card(settings=None))
        board.until_console("riverlight: slot A", CHOSEN)
        # Its status page is for the board itself before somebody has set it up: the panel says it.
        board.until("a picture", lambda: look.brightness(look.grid_of(board.panel(self.folder / "factory.png"))) > 5, PLAYS)

    def test_3_a_kernel_with_a_changed_bit_never_runs(self):
        card = self.card()
        card.flip("boot-a", 12 << 20)
        board = self.start(card)
        board.until_console("slot A: its kernel is not whole", CHOSEN)
        board.until_console("slot B: its kernel is not whole", CHOSEN)  # nothing was installed there
        self.assertEqual(self.slots(card)["A"], "sure", "what is known of a slot does not change for that")
