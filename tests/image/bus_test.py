#!/usr/bin/env python3
"""Only root may speak to RAUC on a board's D-Bus: firmware/image's policy, read after the one of Debian's rauc-service, on a bus of its own.

  tests/image/bus_test.py SOURCE     skips with one line (exit 77) without dbus-daemon, or without root rights
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

NAME = "de.pengutronix.rauc"
# Debian 12, rauc-service 1.8-2, /usr/share/dbus-1/system.d/de.pengutronix.rauc.conf
DEBIAN = f"""<busconfig>
  <policy context="default"><allow send_destination="{NAME}"/></policy>
  <policy user="root"><allow own="{NAME}"/></policy>
</busconfig>"""
# As the system's bus begins: nothing may be called unless a policy allows it.
BUS = """<busconfig>
  <type>custom</type><listen>unix:path={folder}/bus</listen><auth>EXTERNAL</auth><servicedir>{folder}</servicedir>
  <policy context="default">
    <allow user="*"/><deny own="*"/><deny send_type="method_call"/><allow send_type="signal"/><allow receive_type="method_call"/>
    <allow receive_type="method_return"/><allow receive_type="error"/><allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/><allow send_destination="org.freedesktop.DBus"/>
  </policy>
  {policies}
</busconfig>"""
source = None


class BusTest(unittest.TestCase):
    def call(self, *policies):
        """What a call of RAUC by another user and one by root end with; RAUC itself is not there, and cannot be started."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-bus-"))
        self.addCleanup(shutil.rmtree, folder)
        folder.chmod(0o755)
        names = []
        for at, policy in enumerate(policies):
            names.append(f"<include>{folder}/{at}.conf</include>")
            (folder / f"{at}.conf").write_text(policy)
        (folder / "rauc.service").write_text(f"[D-BUS Service]\nName={NAME}\nExec=/bin/false\n")
        (folder / "bus.conf").write_text(BUS.format(folder=folder, policies="".join(names)))
        bus = subprocess.Popen(["dbus-daemon", f"--config-file={folder}/bus.conf", "--nofork", "--nopidfile", "--print-address"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(lambda: (bus.kill(), bus.wait(), bus.stdout.close()))
        address = bus.stdout.readline().strip()
        said = []
        for user in ("65534", "0"):
            ask = ["setpriv", f"--reuid={user}", "--clear-groups", "dbus-send", f"--bus={address}", "--print-reply", f"--dest={NAME}", "/", f"{NAME}.Installer.Mark"]
            done = subprocess.run(ask, capture_output=True, text=True, timeout=30)
            said.append(done.stderr.split(":")[0].removeprefix("Error ").rsplit(".", 1)[-1])
        return said

    def test_only_root_may_call_rauc(self):
        ours = (source / "firmware/image/tree/etc/dbus-1/system.d/riverlight-rauc.conf").read_text()
        self.assertEqual(self.call(DEBIAN)[0], self.call(DEBIAN)[1], "Debian's policy alone lets everybody")
        other, root = self.call(DEBIAN, ours)
        self.assertEqual(other, "AccessDenied")
        self.assertNotEqual(root, "AccessDenied")


if __name__ == "__main__":
    source = pathlib.Path(sys.argv.pop(1))
    missing = [tool for tool in ("dbus-daemon", "dbus-send", "setpriv") if not shutil.which(tool)]
    if missing or os.geteuid() != 0:
        print(f"skipped: {'not installed: ' + ', '.join(missing) if missing else 'needs root rights'}")
        sys.exit(77)
    unittest.main()
