"""A run of QEMU: its process, its monitor (QMP), and the sockets that it opens in its folder."""
import json
import socket
import subprocess
import time


class Missing(Exception):
    """Something that the machine needs is not on this computer."""


class Emulator:
    """QEMU with `words`, its files in `folder`. Opens the monitor; raises Missing if QEMU ends before that."""

    def __init__(self, folder, words):
        self.folder, self.ends = folder, []
        words = [*words, "-qmp", f"unix:{folder}/qmp,server=on,wait=off", "-display", "none"]
        with open(folder / "qemu.log", "wb") as log:
            self.process = subprocess.Popen([str(w) for w in words], stdout=log, stderr=subprocess.STDOUT)
        try:
            self.qmp = self.connect("qmp").makefile("rw")
            self.qmp.readline()
            self.ask("qmp_capabilities")
        except (OSError, ValueError) as why:
            raise self.ended() from why

    def ended(self):
        """Ends what is left of it; returns the exception that says why it ended."""
        self.close()
        return Missing("QEMU ended: " + (self.folder / "qemu.log").read_text().strip())

    def connect(self, name):
        """The socket `name` of its folder, closed with it."""
        until = time.monotonic() + 120
        while True:
            end = socket.socket(socket.AF_UNIX)
            try:
                end.connect(str(self.folder / name))
                self.ends.append(end)
                return end
            except OSError:
                end.close()
                if self.process.poll() is not None or time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def ask(self, command, **arguments):
        self.qmp.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.qmp.flush()
        while True:
            answer = json.loads(self.qmp.readline())
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                raise RuntimeError(f"QEMU: {command}: {answer['error']['desc']}")

    def panel(self, path):
        """Saves what the panel shows as a PNG or a PPM."""
        self.ask("screendump", filename=str(path), format=path.suffix[1:])
        return path

    def close(self):
        """Cuts the power."""
        self.process.kill()
        self.process.wait()
        for end in self.ends:
            end.close()
