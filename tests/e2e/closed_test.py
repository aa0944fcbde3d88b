"""A board at a place that is closed: nothing airs and the page says why, until the channel says that it is open.

  closed_test.py BIN SOURCE: the programs' folder, the project's.
"""
import datetime
import pathlib
import shutil
import tempfile
import unittest

from board_test import BIN, COUNTRIES, SOURCE, Board, run
from support import author, wait_for

CONFIG = '''format = 1
state = "{state}"
[channel]
url = "file://{tree}"
root = "{tree}/metadata/1.root.json"
check_s = 5
[place]
id = "kh-pp-01"
[[outlet]]
id = "screen"
spec = "null"
[status]
listen = "127.0.0.1:0"
'''
UTC = datetime.timezone.utc


def hours_from_now(first, last):
    """Open hours of Phnom Penh, UTC+7 the whole year."""
    now = datetime.datetime.now(UTC) + datetime.timedelta(hours=7)
    return "-".join(f"{now + datetime.timedelta(hours=h):%H:00}" for h in (first, last))


class Closed(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.source, self.keys, self.tree = (self.folder / name for name in ("source", "keys", "tree"))
        author(self.folder / "authored", "fair-work", strap=False)
        run(BIN / "riverlight", "segment", "build", self.folder / "authored", "--out", self.source / "segments/fair-work")
        for part in ("countries", "schedules"):
            shutil.copytree(SOURCE / "tools/demo" / part, self.source / part)
        for name in ("mekong", "partner-th"):
            (self.source / f"schedules/{name}.toml").write_text(f'format = 1\nname = "{name}"\n[[campaign]]\nid = "always"\n[[campaign.booking]]\nid = "on"\n'
                                                                'kind = "filler"\nsegments = ["fair-work"]\n')
        shutil.copy(SOURCE / "tools/demo/channel.toml", self.source)
        self.places = self.source / "countries/kh/places.toml"
        self.always_open = self.places.read_text()
        run(BIN / "riverlight", "channel", "init", "--unprotected", "--keys", self.keys, "--countries", COUNTRIES, "--out", self.tree)

    def publish(self, hours):
        self.places.write_text(self.always_open.replace('id = "kh-pp-01"\n', f'id = "kh-pp-01"\nopen = ["{hours}"]\n'))
        run(BIN / "riverlight", "channel", "publish", "--source", self.source, "--keys", self.keys, "--out", self.tree)

    def test_nothing_airs_at_a_closed_place_and_all_does_once_it_is_open(self):
        self.publish(hours_from_now(3, 4))
        config = self.folder / "board.toml"
        config.write_text(CONFIG.format(state=self.folder / "state", tree=self.tree))
        board = Board(config, self.folder / "board.log")
        self.addCleanup(board.stop)
        wait_for("the page that says so", lambda: b"nothing: the place is closed" in board.get("/"))
        status = board.status()
        self.assertIsNone(status["outlets"][0]["on_air"])
        self.assertFalse([words for words in status["alarms"] if "slate" in words], "a closed place is no trouble")
        self.publish(hours_from_now(-2, 3))
        on = wait_for("an airing", board.on_air)
        self.assertEqual("fair-work", on["segment"])
        self.assertNotIn(b"the place is closed", board.get("/"))


if __name__ == "__main__":
    unittest.main(argv=["closed_test.py", "-v"])
