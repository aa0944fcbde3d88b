"""riverlightd feeds its service manager's watchdog while its outlet advances, and stops when it no longer does.

  watchdog_test.py BIN SOURCE: the programs' folder, the project's folder.
"""
import os
import pathlib
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
import unittest

from one_board import make_channel, write_settings

BIN, SOURCE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
ADVANCES_WITHIN = 20  # firmware/start/watchdog.hpp, patience


class WatchdogTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-watchdog-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.manager.close)
        self.manager.bind(str(self.folder / "notify"))

    def next(self, seconds):
        """The next message to the service manager; None if there is none in time."""
        self.manager.settimeout(seconds)
        try:
            return self.manager.recv(4096).decode().strip()
        except socket.timeout:
            return None

    def test_case_49_it_is_fed_while_frames_leave_and_not_when_the_player_hangs_for_good(self):
        tree = make_channel(BIN, SOURCE, self.folder, ["fair-work"], ["fair-work"])
        hangs = self.folder / "hangs"
        player = self.folder / "player"
        player.write_text(f'#!/bin/sh\n[ -e {hangs} ] && exec sleep 600\nexec {BIN}/riverlight-player "$@"\n')
        player.chmod(player.stat().st_mode | stat.S_IXUSR)
        config = write_settings(self.folder / "board.toml", self.folder / "state", tree, f'[player]\npath = "{player}"\n')
        log = open(self.folder / "log", "wb")
        self.addCleanup(log.close)
        environment = {**os.environ, "NOTIFY_SOCKET": str(self.folder / "notify"), "WATCHDOG_USEC": "3000000"}
        board = subprocess.Popen([BIN / "riverlightd", "--config", config], env=environment, stdout=log, stderr=log)
        self.addCleanup(lambda: (board.terminate(), board.wait(10)))
        self.assertEqual(self.next(20), "READY=1")
        for _ in range(5):
            self.assertEqual(self.next(3), "WATCHDOG=1")
        hangs.touch()
        children = pathlib.Path(f"/proc/{board.pid}/task/{board.pid}/children").read_text().split()
        for child in children:
            os.kill(int(child), 9)
        deadline = time.monotonic() + ADVANCES_WITHIN + 15
        while time.monotonic() < deadline and self.next(3) == "WATCHDOG=1":
            pass
        self.assertLess(time.monotonic(), deadline, "it is fed although nothing leaves")
        hangs.unlink()
        self.assertEqual(self.next(30), "WATCHDOG=1", "frames leave again")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[3:]])
