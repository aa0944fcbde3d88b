"""Runs the demonstration: builds and signs a channel, starts a channel server, an office and two boards, and stops them all at the end.

Started by tools/run. Everything it makes is stored under one state folder; a second start reuses it and takes seconds.
"""
import argparse
import ctypes
import hashlib
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COUNTRIES = ["kh", "cn", "la", "mm", "th", "vn"]
GRACE_SECONDS = 1.5
RENDITION = "720p25@th"  # the rendition that the partner's feed sends unchanged: 720p25, in Thai


class Refused(Exception):
    """An error that the user can correct; the message says what is wrong and what to do."""


class Step:
    """Prints what is running and how long it took, on one line."""

    def __init__(self, text):
        self.text, self.start = text, time.monotonic()

    def __enter__(self):
        print(f"  {self.text} …", end="", flush=True)
        return self

    def note(self, text):
        if sys.stdout.isatty():
            print(f"\r\033[K  {self.text} … {text[:90]}", end="", flush=True)

    def __exit__(self, kind, *_):
        clear = "\r\033[K" if sys.stdout.isatty() else "\r"
        mark = "failed" if kind else f"{time.monotonic() - self.start:.1f} s"
        print(f"{clear}  {self.text}: {mark}", flush=True)


def run(*command, step=None):
    """Runs one of our commands; if it fails, its last lines become the error."""
    words = [str(c) for c in command]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL)
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if step and line.strip():
            step.note(line.strip())
    if process.wait():
        raise Refused("\n".join([f"this command failed: {' '.join(words)}"] + lines[-12:]))
    return "\n".join(lines)


def digest_of(*paths):
    """One hash over the names and bytes of all files; a stamp file stores it to detect changed sources."""
    sha = hashlib.sha256()
    for top in paths:
        for path in sorted(p for p in top.rglob("*") if p.is_file()) if top.is_dir() else [top]:
            sha.update(str(path.relative_to(top.parent)).encode() + b"\0" + path.read_bytes() + b"\0")
    return sha.hexdigest()


class Processes:
    """The processes of the demonstration: started in their own groups, watched, and stopped within two seconds."""

    def __init__(self, logs):
        self.logs, self.children = logs, {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name, *command):
        libc, parent = ctypes.CDLL(None), os.getpid()

        def die_with_parent():
            libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG: the programs end if the demonstration is killed
            if os.getppid() != parent:
                os._exit(1)

        with open(self.logs / f"{name}.log", "ab") as log:
            self.children[name] = subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                                   start_new_session=True, preexec_fn=die_with_parent)

    def check(self):
        for name, child in self.children.items():
            if child.poll() is not None:
                raise Refused(f"{name} ended unexpectedly (status {child.returncode}); its log {self.logs / (name + '.log')} ends:\n{self.tail(name)}")

    def tail(self, name, lines=12):
        text = (self.logs / f"{name}.log").read_text(errors="replace").splitlines()
        return "\n".join("    " + line for line in text[-lines:])

    def stop(self):
        for child in reversed(self.children.values()):
            if child.poll() is None:
                child.terminate()
        self.wait(GRACE_SECONDS)
        for child in self.children.values():
            try:
                os.killpg(child.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.wait(10)  # until its last thread has ended, a program holds its port, and the next start would be refused

    def wait(self, seconds):
        """Waits for all of them to end, for so long at most."""
        deadline = time.monotonic() + seconds
        for child in self.children.values():
            try:
                child.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass


def require_free_port(port, whose):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as e:
            raise Refused(f"port {port} of 127.0.0.1, needed for {whose}, is not available ({e.strerror}); "
                          "stop what uses it, or choose others with --ports") from e


def wait_until(what, probe, processes, seconds=60):
    """Calls `probe` until it returns something true; an exception counts as not yet."""
    deadline, last = time.monotonic() + seconds, None
    while time.monotonic() < deadline:
        processes.check()
        try:
            answer = probe()
            if answer:
                return answer
        except (OSError, urllib.error.URLError, ValueError) as e:
            last = e
        time.sleep(0.05)
    raise Refused(f"{what} was not ready within {seconds} s" + (f" ({last})" if last else "") + f"; see the logs in {processes.logs}")


def get(url):
    with urllib.request.urlopen(url, timeout=2) as answer:
        return answer.read()


class Demo:
    def __init__(self, options, processes):
        self.state, self.processes, self.bin = options.state, processes, options.bin
        self.riverlight, self.office = self.bin / "riverlight", self.bin / "riverlight-office"
        self.office_port, self.channel_port, self.feed_port = options.ports, options.ports + 10, options.feed_port
        display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        self.boards = [
            dict(id="kh-pp-01", outlet="screen", port=options.ports + 1, spec="window" if display else "null",
                 title="a community centre's screen in Phnom Penh"),
            dict(id="th-tv-01", outlet="feed", profile=RENDITION.split("@")[0], port=options.ports + 2, spec=f"udp://127.0.0.1:{self.feed_port}",
                 title="a TV partner's feed in Bangkok"),
        ]

    def build_segments(self, source):
        """Builds each authored segment whose sources changed since it was built."""
        for authored in sorted(p for p in (HERE / "segments").iterdir() if p.is_dir()):
            built, stamp = source / "segments" / authored.name, self.state / "stamps" / authored.name
            digest = digest_of(authored, HERE / "voices.sh") + RENDITION
            if built.is_dir() and stamp.is_file() and stamp.read_text() == digest:
                continue
            with Step(f"segment {authored.name}") as step:
                copy = self.state / "authored" / authored.name
                shutil.rmtree(copy, ignore_errors=True)
                shutil.copytree(authored, copy)
                run(HERE / "voices.sh", copy, step=step)
                shutil.rmtree(built, ignore_errors=True)
                built.parent.mkdir(parents=True, exist_ok=True)
                run(self.riverlight, "segment", "build", copy, "--out", built, "--profile", RENDITION, step=step)
            stamp.parent.mkdir(parents=True, exist_ok=True)
            stamp.write_text(digest)

    def publish(self):
        source, keys, tree = self.state / "channel-source", self.state / "keys", self.state / "channel"
        source.mkdir(parents=True, exist_ok=True)
        self.build_segments(source)
        for part in ("countries", "schedules"):
            shutil.rmtree(source / part, ignore_errors=True)
            shutil.copytree(HERE / part, source / part)
        shutil.copy(HERE / "channel.toml", source / "channel.toml")
        if not keys.is_dir():
            with Step("keys of the PMO and of six countries"):
                # No passphrase, because nobody can type one here; these keys sign only the demonstration.
                run(self.riverlight, "channel", "init", "--unprotected", "--keys", keys, "--countries", ",".join(COUNTRIES), "--out", tree)
            print(f"    NOT protected by a passphrase, for this demonstration only: {keys}")
        with Step("channel signed and published") as step:
            run(self.riverlight, "channel", "publish", "--source", source, "--keys", keys, "--out", tree, step=step)
        return tree

    def sign_in(self):
        """The demonstration's user and password, made once."""
        path = self.state / "sign-in.json"
        if not path.is_file():
            password = self.state / "password"
            password.touch(mode=0o600)
            password.write_text(secrets.token_urlsafe(9))
            run(self.office, "user", "add", "pmo", "--state", self.state / "office", "--password-file", password)
            path.touch(mode=0o600)
            path.write_text(json.dumps(dict(user="pmo", password=password.read_text())))
            password.unlink()
        return json.loads(path.read_text())

    def board_config(self, board, tree):
        folder = self.state / "boards" / board["id"]
        folder.mkdir(parents=True, exist_ok=True)
        claim = folder / "claim-code"
        if not claim.is_file():
            code = run(self.office, "claim", "new", "--state", self.state / "office", "--place", board["id"], "--board", board["id"])
            claim.touch(mode=0o600)
            claim.write_text(code.split()[-1] + "\n")
        profile = f'profile = "{board["profile"]}"\n' if "profile" in board else ""
        config = folder / "riverlightd.toml"
        config.write_text(f'''format = 1
state = "{folder / "state"}"

[channel]
url = "http://127.0.0.1:{self.channel_port}"
root = "{tree / "metadata" / "1.root.json"}"
check_s = 60

[place]
id = "{board["id"]}"

[[outlet]]
id = "{board["outlet"]}"
spec = "{board["spec"]}"
{profile}
[office]
url = "http://127.0.0.1:{self.office_port}"
claim_code_file = "{claim}"

[status]
listen = "127.0.0.1:{board["port"]}"
''')
        return config

    def approve(self, board):
        """Approves the board by its fingerprint, as an operator does on the Boards page."""
        def enrolled():
            listed = json.loads(run(self.office, "board", "list", "--state", self.state / "office", "--json"))
            return next((b for b in listed["boards"] if b["board"] == board["id"]), None)
        found = wait_until(f"the enrolment of {board['id']}", enrolled, self.processes)
        if found["state"] == "pending":
            run(self.office, "board", "approve", board["id"], "--state", self.state / "office", "--fingerprint", found["fingerprint"])

    def start(self):
        needed = [(self.office_port, "the office"), (self.channel_port, "the channel")]
        for port, whose in needed + [(b["port"], b["id"]) for b in self.boards]:
            require_free_port(port, whose)
        tree = self.publish()
        signed_in = self.sign_in()
        with Step("channel server and office"):
            self.processes.start("channel", self.riverlight, "channel", "serve", tree, "--listen", f"127.0.0.1:{self.channel_port}")
            wait_until("the channel server", lambda: get(f"http://127.0.0.1:{self.channel_port}/metadata/timestamp.json"), self.processes)
            self.processes.start("office", self.office, "serve", "--listen", f"127.0.0.1:{self.office_port}", "--state", self.state / "office",
                              "--channel", f"http://127.0.0.1:{self.channel_port}", "--channel-root", tree / "metadata" / "1.root.json")
            wait_until("the office", lambda: get(f"http://127.0.0.1:{self.office_port}/"), self.processes)
        with Step("two boards"):
            for board in self.boards:
                self.processes.start(board["id"], self.bin / "riverlightd", "--config", self.board_config(board, tree))
            for board in self.boards:
                wait_until(f"the status page of {board['id']}", lambda b=board: get(f"http://127.0.0.1:{b['port']}/"), self.processes)
                self.approve(board)
        return signed_in

    def print_addresses(self, signed_in):
        print("\nRiverlight is running.\n")
        print(f"  Office        http://127.0.0.1:{self.office_port}/        sign in: {signed_in['user']} / {signed_in['password']}")
        for board in self.boards:
            print(f"  {board['id']}      http://127.0.0.1:{board['port']}/        {board['title']}")
        if self.boards[0]["spec"] == "null":
            print("                (no display here: the status page shows the screen's picture)")
        print(f"""  Feed          ffplay -fflags nobuffer udp://127.0.0.1:{self.feed_port}      (or VLC: udp://@127.0.0.1:{self.feed_port})
  Channel       http://127.0.0.1:{self.channel_port}/metadata/timestamp.json
  State, logs   {self.state}

Ctrl-C stops everything and keeps the state.""", flush=True)


def parse(argv):
    parser = argparse.ArgumentParser(prog="tools/run", description="Builds Riverlight and runs a demonstration: an office, "
                                     "a community centre's screen, a TV partner's feed.")
    parser.add_argument("--state", type=pathlib.Path, default=ROOT / "build/demo", metavar="DIR",
                        help="where everything it makes is kept (default: build/demo)")
    parser.add_argument("--reset", action="store_true", help="forget what an earlier run left in the state folder")
    parser.add_argument("--minutes", type=float, metavar="N", help="stop by itself after N minutes")
    parser.add_argument("--ports", type=int, default=8800, metavar="P", help="office on P, boards on P+1 and P+2, channel on P+10 (default: 8800)")
    parser.add_argument("--feed-port", type=int, default=5004, metavar="P", help="UDP port of the feed on 127.0.0.1 (default: 5004)")
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build/release/bin", metavar="DIR", help="the programs (default: build/release/bin)")
    options = parser.parse_args(argv)
    if options.minutes is not None and options.minutes <= 0:
        parser.error("--minutes takes a number above 0")
    if not 1024 <= options.ports <= 65000:
        parser.error("--ports takes a port from 1024 to 65000")
    options.state = options.state.resolve()
    return options


def reset(state):
    """Removes a state folder, but only one that a demonstration made."""
    if state.exists() and any(state.iterdir()) and not (state / "riverlight-demo").exists():
        raise Refused(f"{state} was not made by tools/run, so --reset does not delete it; name another folder with --state")
    shutil.rmtree(state, ignore_errors=True)


def run_demo(options, processes):
    """Starts the demonstration and watches its processes until --minutes have passed or one ends."""
    print("Riverlight demonstration", flush=True)
    demo = Demo(options, processes)
    demo.print_addresses(demo.start())
    until = time.monotonic() + options.minutes * 60 if options.minutes else None
    while until is None or time.monotonic() < until:
        processes.check()
        time.sleep(0.2)


def handle_signals(handler):
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handler)


def main(argv):
    options = parse(argv)

    def stop(*_):
        handle_signals(signal.SIG_IGN)  # a second one must not keep the programs from being stopped
        raise KeyboardInterrupt

    handle_signals(stop)
    processes = None
    try:
        if options.reset:
            reset(options.state)
        options.state.mkdir(parents=True, exist_ok=True)
        (options.state / "riverlight-demo").touch()
        processes = Processes(options.state / "logs")
        run_demo(options, processes)
    except KeyboardInterrupt:
        print("\nStopping.", flush=True)
    except (Refused, OSError) as e:
        print(f"tools/run: {e}", file=sys.stderr)
        return 1
    finally:
        handle_signals(signal.SIG_IGN)
        if processes:
            processes.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
