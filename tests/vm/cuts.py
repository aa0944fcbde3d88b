"""The power of a board is cut while an update is installed, right after that, and during the new version's first start: each time the board plays
again, and the slot that was sure stays sure. The cuts are drawn from --seed; --cuts says how many."""
import random
import unittest

import updates
from updates import PROVES, STARTS, STEP, UpdatingBoard

# Processor seconds of the emulator from power to frames: the first start is cut within these.
FIRST_START = 60
options = None


class CutTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        updates.require(cls)
        cls.on = on = UpdatingBoard(cls.folder)
        cls.addClassCleanup(on.close)
        cls.draw = random.Random(options.seed)
        print(f"\n  cuts drawn from seed {options.seed}", end="", flush=True)
        cls.version = on.bundles.version_of(60)
        on.channel.offer(on.bundles.make("whole", 60))
        on.new_card(fetched=True)
        cls.ready = on.keep_card("ready")

    def cut_after(self, seconds):
        """Cuts the power once the emulator has used so many processor seconds more."""
        end = self.on.board.seconds()[1] + seconds
        self.on.board.until("the cut", lambda: self.on.board.seconds()[1] >= end, STEP)
        self.on.cut_power()

    def start_from(self, card):
        self.on.use_card(card)
        self.on.start()

    def plays_again(self, slot, trust):
        """The power comes back."""
        self.on.start()
        running = self.on.until_runs(slot, trust)
        self.on.until_it_plays()
        self.assertEqual(self.on.starts_of("A") + self.on.starts_of("B"), 1, "one start was enough")
        other = self.on.system()["other"]
        self.on.cut_power()
        return running, other

    def test_1_cuts_while_an_update_is_installed(self):
        for _ in range(options.cuts // 2):
            self.start_from(self.ready)
            self.on.until_update("installing", seconds=STARTS)
            self.cut_after(self.draw.uniform(0, 30))
            if "Request 1 is done" in self.text():
                continue  # the installation was over before the cut
            _, other = self.plays_again("A", "sure")
            self.assertEqual((other["slot"], other["trust"]), ("B", "empty"))

    def text(self):
        return (self.on.folder / f"start{self.on.starts}/console.log").read_text(errors="replace")

    def test_2_cuts_after_it_and_in_the_first_start_of_the_new_version(self):
        self.start_from(self.ready)
        self.on.board.until_console("Request 1 is done", STARTS + STEP)
        self.on.cut_power()
        written = self.on.keep_card("written")
        for _ in range(options.cuts - options.cuts // 2):
            self.start_from(written)
            self.on.board.until("the chooser", lambda: self.on.starts_of("B"), STARTS)
            self.cut_after(self.draw.uniform(0, FIRST_START))
            running, other = self.plays_again("B", "unsure")
            self.assertEqual(running["version"], self.version)
            self.assertEqual((other["slot"], other["trust"]), ("A", "sure"))

    def test_3_after_the_cuts_the_new_version_becomes_sure(self):
        self.on.start()
        self.on.until_runs("B", "sure", PROVES)
        self.on.until_last_update(self.version, "none")
