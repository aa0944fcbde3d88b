"""A board at a closed place: nothing airs and the status page says why, until a new release of the channel opens it.

  closed_test.py BIN SOURCE: the programs' folder, the project's.
"""
import datetime
import pathlib
import shutil
import sys
import tempfile
import unittest

import one_board
from one_board import PLACE, Board
from support import wait_for

BIN, SOURCE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
UTC = datetime.timezone.utc


def hours_from_now(first, last):
    """Opening hours in Phnom Penh time (UTC+7, no daylight saving), relative to now."""
    now = datetime.datetime.now(UTC) + datetime.timedelta(hours=7)
    return "-".join(f"{now + datetime.timedelta(hours=h):%H:00}" for h in (first, last))


class Closed(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.tree = one_board.make_channel(BIN, SOURCE, self.folder, ["fair-work"], ["fair-work"])
        self.places = self.folder / "source/countries/kh/places.toml"
        self.always_open = self.places.read_text()

    def publish(self, hours):
        self.places.write_text(self.always_open.replace(f'id = "{PLACE}"\n', f'id = "{PLACE}"\nopen = ["{hours}"]\n'))
        one_board.publish(BIN, self.folder)

    def test_nothing_airs_while_a_place_is_closed_and_airings_start_when_it_opens(self):
        self.publish(hours_from_now(3, 4))
        config = one_board.write_settings(self.folder / "board.toml", self.folder / "state", self.tree)
        board = Board([BIN / "riverlightd", "--config", config], self.folder / "board.log")
        self.addCleanup(board.stop)
        wait_for("the page that says so", lambda: "nothing: the place is closed" in board.get("/"))
        self.assertIsNone(board.on_air())
        self.assertNotIn("slate", board.alarms(), "a closed place raises no alarm")
        self.publish(hours_from_now(-2, 3))
        on = wait_for("an airing", board.on_air)
        self.assertEqual("fair-work", on["segment"])
        self.assertNotIn("the place is closed", board.get("/"))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
