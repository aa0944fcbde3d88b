"""The player of a board that root starts: another user, without root's rights, and everything plays.

  player_user_test.py BIN SOURCE: the programs' folder, the project's folder.
"""
import os
import pathlib
import pwd
import shutil
import socket
import sys
import tempfile
import unittest

from one_board import Board, make_channel, write_settings
from support import wait_for

BIN, SOURCE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
USER = "nobody"  # every Debian has it


def children(pid):
    return [int(p) for p in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def facts(pid):
    """What the kernel says of a process: its users and its rights."""
    lines = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
    return {name: lines[name].split() for name in ("Uid", "CapEff", "CapPrm", "NoNewPrivs", "Seccomp")}


@unittest.skipUnless(os.geteuid() == 0, "not root: a board whose players become another user was not tried")
class PlayerUserTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-user-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.folder.chmod(0o755)
        self.tree = make_channel(BIN, SOURCE, self.folder, ["fair-work"], ["fair-work"])

    def start(self, outlets):
        config = write_settings(self.folder / "board.toml", self.folder / "state", self.tree, f'[player]\nuser = "{USER}"\n', outlets)
        board = Board([BIN / "riverlightd", "--config", config], self.folder / "log")
        self.addCleanup(board.stop)
        wait_for("something on air", board.on_air)
        return board

    def player(self, board, outlet):
        return next(p for p in children(board.process.pid)
                    if f"{self.folder}/state/outlets/{outlet}/snapshot.jpg" in pathlib.Path(f"/proc/{p}/cmdline").read_text().split("\0"))

    def test_the_players_are_another_user_and_everything_plays(self):
        passphrase = self.folder / "passphrase"
        passphrase.write_text("0123456789abcdef\n")
        receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(receiver.close)
        receiver.bind(("127.0.0.1", 0))
        board = self.start(f'[[outlet]]\nid = "screen"\nspec = "null"\n[[outlet]]\nid = "feed"\nspec = ["hls:?seconds=1", "file:{self.folder}/hours/", '
                           f'"srt://127.0.0.1:900?mode=listener&passphrase_file={passphrase}", "udp://127.0.0.1:{receiver.getsockname()[1]}"]\n')
        uid = str(pwd.getpwnam(USER).pw_uid)
        for outlet in ("screen", "feed"):
            said = facts(self.player(board, outlet))
            self.assertEqual(set(said["Uid"]), {uid})
            self.assertEqual((said["NoNewPrivs"], said["Seccomp"]), (["1"], ["2"]))
        self.assertEqual(int(facts(self.player(board, "screen"))["CapPrm"][0], 16), 0)
        outputs = lambda: {o["name"].split(":")[0]: o for o in board.status()["outlets"][1]["outputs"]}
        wait_for("the HLS output", lambda: outputs()["hls"]["sending"] and outputs()["hls"]["figures"].get("segments"))
        wait_for("the hour's file", lambda: outputs()["file"]["sending"])
        self.assertEqual([o["words"] for o in outputs().values() if o["trouble"]], [])
        wait_for("a snapshot", (self.folder / "state/outlets/screen/snapshot.jpg").exists)
        self.assertNotIn("root", board.alarms())

    def test_media_that_the_user_cannot_read_play_all_the_same(self):
        state = self.folder / "state"
        state.mkdir(mode=0o700)
        board = self.start('[[outlet]]\nid = "screen"\nspec = "null"\n')
        said = facts(self.player(board, "screen"))
        self.assertEqual(said["Uid"][0], "0")
        self.assertEqual(int(said["CapPrm"][0], 16) & ~(1 << 1), 0, "no right of root's but to files")
        wait_for("the alarm", lambda: "runs as root" in board.alarms())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[3:]])
