"""How a board fetches: in its window, from a mirror, and from another board on the same network.

  sync_test.py BIN SOURCE: the programs' folder, the project's. The last part needs root, dbus-daemon, avahi-daemon and ip.
"""
import datetime
import functools
import hashlib
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.request

from support import author, build_segment, wait_for

BIN, SOURCE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth><policy context="default"><allow user="*"/><allow own="*"/>
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow send_type="method_call"/><allow send_type="method_return"/><allow send_type="error"/><allow send_type="signal"/>
<allow receive_type="method_call"/><allow receive_type="method_return"/><allow receive_type="error"/><allow receive_type="signal"/>{refused}</policy></busconfig>"""
REFUSE_AVAHI = '<deny send_destination="org.freedesktop.Avahi" send_interface="org.freedesktop.Avahi.Server"/>'


def run(*words):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise AssertionError(f"{words} ended with {done.returncode}:\n{done.stdout[-1000:]}\n{done.stderr[-2000:]}")
    return done.stdout


class CountingServer:
    """Serves a folder over HTTP and counts the requests."""

    def __init__(self, folder):
        asked = self.asked = []

        class Handler(http.server.SimpleHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                super().do_GET()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class SyncTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        source, cls.tree, keys = cls.folder / "source", cls.folder / "tree", cls.folder / "keys"
        authored = cls.folder / "authored"
        author(authored, "fair-work")
        build_segment(BIN, authored, source / "segments/fair-work")
        for code in ("kh",):
            shutil.copytree(SOURCE / "tools/demo/countries" / code, source / "countries" / code)
        (source / "countries/kh/clearances.toml").write_text(
            'format = 1\ncountry = "KH"\n[[clearances]]\nsegment = "fair-work"\nrevision = 1\nlocales = ["km", "en"]\n')
        (source / "schedules").mkdir()
        (source / "schedules/mekong.toml").write_text(
            'format = 1\nname = "mekong"\n[[campaign]]\nid = "always"\n[[campaign.booking]]\nid = "b"\nkind = "filler"\nsegments = ["fair-work"]\n')
        shutil.copy(SOURCE / "tools/demo/channel.toml", source)
        run(BIN / "riverlight", "channel", "init", "--unprotected", "--keys", keys, "--countries", "kh", "--out", cls.tree)
        run(BIN / "riverlight", "channel", "publish", "--source", source, "--keys", keys, "--out", cls.tree)
        cls.media = sorted((cls.tree / "targets/media").iterdir())

    def config(self, name, channel, extra=""):
        path = self.folder / f"{name}.toml"
        path.write_text(f'format = 1\nstate = "{self.folder / name}"\n[channel]\n{channel}\nroot = "{self.tree}/metadata/1.root.json"\ncheck_s = 5\n'
                        f'[place]\nid = "kh-pp-01"\n[[outlet]]\nid = "screen"\nspec = "null"\n[status]\nlisten = "127.0.0.1:0"\n{extra}')
        return path

    def board(self, name, channel, extra="", before=(), env=None):
        log = self.folder / f"{name}.log"
        out = open(log, "wb")
        process = subprocess.Popen([*before, str(BIN / "riverlightd"), "--config", str(self.config(name, channel, extra))], stdout=out, stderr=out,
                                   env={**os.environ, **(env or {})})
        self.addCleanup(out.close)
        self.addCleanup(process.wait, 10)
        self.addCleanup(process.send_signal, signal.SIGTERM)

        def port():
            if process.poll() is not None:
                raise AssertionError(f"riverlightd ended: {log.read_text()}")
            return re.search(r"status page on port (\d+)", log.read_text())
        return int(wait_for("the status page", port).group(1)), log

    def status(self, port):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/status", timeout=5) as answer:
            return json.load(answer)

    def held(self, name):
        return {p.name for p in (self.folder / name / "store/media").glob("*")}

    def test_outside_its_window_a_board_shows_when_it_will_fetch(self):
        web = CountingServer(self.tree)
        self.addCleanup(web.close)
        local = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7)))  # Asia/Phnom_Penh
        opens, closes = ((local + datetime.timedelta(hours=h)).strftime("%H:%M") for h in (3, 5))
        port, _ = self.board("waits", f'url = "{web.url}"', f'[sync]\nwindow = "{opens}-{closes}"\nbudget_mb = 500\n')
        words = wait_for("the reason for waiting", lambda: (lambda words: words if "Waits" in words else None)(self.status(port)["fetching"]))
        self.assertRegex(words, rf"^Waits for {opens} to fetch \d+ files? \(.*\)\. Of this month's 500 MiB, .* are used\.$")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as page:
            self.assertIn(f"<dt>Fetching</dt><dd>Waits for {opens} to fetch", page.read().decode())
        self.assertFalse([p for p in web.asked if "/media/" in p])
        self.assertTrue([p for p in web.asked if p.endswith("timestamp.json")])
        kept = json.loads((self.folder / "waits/traffic.json").read_text())
        self.assertGreater(kept["received"], 1000, "metadata are counted too")

    def test_a_dead_source_is_reported_and_a_mirror_is_used(self):
        web = CountingServer(self.tree)
        self.addCleanup(web.close)
        port, _ = self.board("mirrored", f'url = "http://127.0.0.1:1"\nmirrors = ["{web.url}"]')
        wait_for("something on air", lambda: self.status(port)["outlets"][0]["on_air"])
        alarms = self.status(port)["alarms"]
        self.assertTrue([a for a in alarms if "The source http://127.0.0.1:1 is left aside" in a], alarms)

    def test_without_avahi_a_board_reports_it_once_and_continues(self):
        port, log = self.board("alone", f'url = "file://{self.tree}"', '[nearby]\nfind = true\nserve = "127.0.0.1:0"\n',
                               env={"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self.folder}/nothing"})
        wait_for("something on air", lambda: self.status(port)["outlets"][0]["on_air"])
        self.assertEqual(log.read_text().count("Avahi does not answer"), 1)

    def namespace(self, name):
        """Makes a network namespace with its own /run. Returns the command prefix that runs a program in it."""
        sleeper = subprocess.Popen(["unshare", "-n", "-m", "sh", "-c", "mount -t tmpfs none /run && mkdir -p /run/avahi-daemon && echo ready && exec sleep 600"],
                                   stdout=subprocess.PIPE, text=True)
        self.addCleanup(sleeper.wait, 10)
        self.addCleanup(sleeper.kill)
        self.addCleanup(sleeper.stdout.close)
        if sleeper.stdout.readline() != "ready\n":
            self.skipTest("boards that find each other: this machine does not allow namespaces")
        return sleeper.pid, ["nsenter", "-t", str(sleeper.pid), "-n", "-m"]

    def avahi(self, name, within, refused=""):
        """Starts a bus and an Avahi. Returns the board's environment and a function by which the bus refuses nothing any more."""
        conf, bus, path = self.folder / f"{name}-bus.conf", self.folder / f"{name}-avahi.conf", self.folder / f"{name}.bus"
        conf.write_text(BUS.format(path=path, refused=refused))
        bus.write_text(f"[server]\nhost-name={name}\nuse-ipv4=yes\nuse-ipv6=no\nenable-dbus=yes\n[publish]\npublish-workstation=no\n")
        env = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={path}"}
        daemons = []
        for words in (["dbus-daemon", "--nofork", f"--config-file={conf}"],
                      ["avahi-daemon", "--no-drop-root", "--no-chroot", "--no-rlimits", "--file", str(bus)]):
            daemons.append(subprocess.Popen([*within, *words], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            self.addCleanup(daemons[-1].wait, 10)
            self.addCleanup(daemons[-1].terminate)
            wait_for("the bus", path.exists)

        def refuse_nothing():
            conf.write_text(BUS.format(path=path, refused=""))
            daemons[0].send_signal(signal.SIGHUP)  # nsenter has become dbus-daemon, which reads its file again

        return {"DBUS_SYSTEM_BUS_ADDRESS": env["DBUS_SYSTEM_BUS_ADDRESS"]}, refuse_nothing

    def test_media_are_fetched_from_a_board_found_on_the_same_network(self):
        missing = [p for p in ("dbus-daemon", "avahi-daemon", "ip", "unshare", "nsenter") if not shutil.which(p, path=os.environ["PATH"] + ":/usr/sbin:/sbin")]
        if missing or os.geteuid() != 0:
            self.skipTest(f"boards that find each other: needs root and {', '.join(missing) or 'nothing else'}")
        (a, in_a), (b, in_b) = self.namespace("a"), self.namespace("b")
        for words in (["link", "add", "v0", "type", "veth", "peer", "name", "v1"], ["link", "set", "v1", "netns", str(b)]):
            run(*in_a, "ip", *words)
        for within, device, address in ((in_a, "v0", "10.99.0.1/24"), (in_b, "v1", "10.99.0.2/24")):
            run(*within, "ip", "addr", "add", address, "dev", device)
            run(*within, "ip", "link", "set", device, "up")
            run(*within, "ip", "link", "set", "lo", "up")
        bare = self.folder / "bare"
        shutil.copytree(self.tree, bare, ignore=lambda folder, names: names if folder.endswith("/media") else [])
        _, giver = self.board("giver", f'url = "file://{self.tree}"', '[nearby]\nserve = "10.99.0.1:8790"\n', in_a, self.avahi("giver", in_a)[0])
        wait_for("the giver's release", lambda: "is on" in giver.read_text())
        want = self.held("giver")
        bus, refuse_nothing = self.avahi("taker", in_b, REFUSE_AVAHI)
        _, log = self.board("taker", f'url = "file://{bare}"', '[nearby]\nfind = true\nkbit_s = 100000\n', in_b, bus)
        wait_for("a bus that refuses is reported", lambda: "Avahi does not answer" in log.read_text())
        refuse_nothing()
        try:
            wait_for("media that no channel had", lambda: self.held("taker") == want, 60)
        except AssertionError as e:
            raise AssertionError(f"{e}; expects {want}, has {self.held('taker')}:\n{log.read_text()}") from None
        for name in want:
            held = hashlib.sha256((self.folder / "taker/store/media" / name).read_bytes()).hexdigest()
            self.assertEqual(held, name.split(".")[0])
        wait_for("the release is on", lambda: "is on" in log.read_text())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[3:]])
