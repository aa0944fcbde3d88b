"""Runs a board in the guest and imports sticks. Commands and reports are JSON lines on a virtio port.

  board.py PORT BIN CONFIG UNIT: the port's device, the programs' folder, riverlightd's settings, riverlight-stick@.service.in.

  {"do":"fill","from":FOLDER}         copies a folder onto the stick, as a person's computer does
  {"do":"import","name":N,"limit":S}  runs the unit's own commands on the stick, mounting as root and the rest as nobody
  {"do":"quit"}                       ends the board
"""
import fcntl
import json
import os
import pathlib
import re
import shutil
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from one_board import Board
from support import wait_for

NOBODY = 65534
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


def enable_loopback():
    up = struct.pack("16sh", b"lo", 0x41)  # IFF_UP | IFF_RUNNING
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        fcntl.ioctl(line, 0x8914, up)  # SIOCSIFFLAGS


def stick():
    """The kernel's name of the plugged-in stick, or None."""
    found = sorted(p.name for p in pathlib.Path("/sys/block").glob("sd*"))
    return found[0] if found and os.path.exists("/dev/" + found[0]) else None


class Unit:
    """Runs the commands of riverlight-stick@.service as systemd does, with `limit` as its start timeout."""

    def __init__(self, text, programs, config):
        self.lines = re.findall(r"^(Exec\w+)=([-+]*)(.*)$", text, re.M)
        self.names = {"@CMAKE_INSTALL_FULL_BINDIR@": str(programs), "/etc/riverlight/riverlightd.toml": str(config),
                      "uid=riverlight,gid=riverlight": f"uid={NOBODY},gid={NOBODY}"}

    def commands(self, when, device):
        for kind, flags, words in self.lines:
            if kind == when:
                for old, new in (self.names | {"%i": device, "%I": device}).items():
                    words = words.replace(old, new)
                yield flags, words.split()

    def run(self, device, limit):
        """Returns SERVICE_RESULT, EXIT_STATUS and the output; the result is `stuck` if a process survives SIGKILL."""
        said, until = "", time.monotonic() + limit
        result, status = "success", "0"
        for when in ("ExecStartPre", "ExecStart", "ExecStopPost"):
            for flags, words in self.commands(when, device):
                if when != "ExecStopPost" and result != "success":
                    break
                environment = os.environ | ({"SERVICE_RESULT": result, "EXIT_STATUS": status} if when == "ExecStopPost" else {})
                process = subprocess.Popen(words if "+" in flags else [*AS_NOBODY, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
                try:
                    said += process.communicate(timeout=max(1, until - time.monotonic() if when != "ExecStopPost" else 60))[0]
                except subprocess.TimeoutExpired:
                    process.kill()
                    try:
                        said += process.communicate(timeout=60)[0]
                    except subprocess.TimeoutExpired:
                        return "stuck", " ".join(words), said
                    if when != "ExecStopPost":
                        result, status = "timeout", "KILL"
                if process.returncode > 0 and when != "ExecStopPost":
                    result, status = "exit-code", str(process.returncode)
                if process.returncode < 0 and when != "ExecStopPost" and result == "success":
                    result, status = "signal", str(-process.returncode)
        return result, status, said


class Guest:
    def __init__(self, port, programs, config, unit):
        self.port = open(port, "r+b", buffering=0)
        self.unit = Unit(unit.read_text(), programs, config)
        self.kernel_said = 0
        self.board = Board([*AS_NOBODY, programs / "riverlightd", "--config", config], pathlib.Path("/run/board.log"))

    def tell(self, kind, **more):
        self.port.write(json.dumps({"type": kind} | more).encode() + b"\n")

    def kernel(self):
        """The kernel messages since the last call."""
        lines = subprocess.run(["dmesg"], capture_output=True, text=True).stdout.splitlines()
        new, self.kernel_said = lines[self.kernel_said :], len(lines)
        return new

    def state(self):
        status = wait_for("the status", self.board.status, 120)
        return {"release": status["release"], "mode": status["mode"], "stick": status["stick"], "restarts": status["outlets"][0]["player_restarts"],
                "on_air": status["outlets"][0]["on_air"]}

    def wait_for_next_airing(self, before):
        """Waits for an airing other than `before`. Returns its segment."""
        def probe():
            now = self.board.on_air()
            return now and now["airing"] != (before or {}).get("airing") and now["segment"]
        return wait_for("the next airing", probe, 120)

    def fill(self, folder):
        device = wait_for("the stick", stick, 60)
        place = pathlib.Path("/run/fill")
        place.mkdir()
        subprocess.run(["mount", "/dev/" + device, place], check=True)
        shutil.copytree(folder, place, dirs_exist_ok=True)
        subprocess.run(["umount", place], check=True)
        self.tell("filled")

    def take(self, name, limit):
        device = wait_for("the stick", stick, 60)
        self.kernel()
        before = self.state()["stick"] or {}
        begun = time.monotonic()
        result, status, said = self.unit.run(device, limit)
        seconds = round(time.monotonic() - begun, 1)

        def said_by_now():
            state = self.state()
            words = state["stick"] or {}
            over = words.get("at") != before.get("at") and words["state"] in ("done", "failed")
            # The daemon plays an imported release after its next check.
            return over and ("was taken from the stick" not in words["words"] or state["release"] in words["words"]) and state

        now = wait_for("words on the stick", said_by_now, 60)
        self.tell("import", name=name, result=result, status=status, said=said[-2000:], seconds=seconds, next=self.wait_for_next_airing(now["on_air"]),
                  kernel=self.kernel(), **now)

    def run(self):
        first = wait_for("something on air", self.board.on_air, 600)
        self.tell("board", segment=first["segment"], **self.state())
        for line in self.port:
            command = json.loads(line)
            if command["do"] == "fill":
                self.fill(command["from"])
            elif command["do"] == "import":
                self.take(command["name"], command["limit"])
            elif command["do"] == "gone":
                wait_for("an empty socket", lambda: stick() is None, 60)
                self.tell("gone")
            else:
                return self.tell("end", code=self.board.stop())


def main():
    port, programs, config, unit = (pathlib.Path(word) for word in sys.argv[1:5])
    enable_loopback()
    state = pathlib.Path("/run/board")
    state.mkdir()
    os.chown(state, NOBODY, NOBODY)
    guest = None
    try:
        guest = Guest(port, programs, config, unit)
        guest.run()
    except Exception as why:  # the host waits for a report
        if guest:
            guest.tell("fault", why=repr(why), log=guest.board.log_text()[-2000:])
        raise


if __name__ == "__main__":
    main()
