"""A board: its daemon, its journal under kill -9, its downloads."""
import fcntl
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import sqlite3
import statistics
import struct
import subprocess
import tempfile
import termios
import threading
import time
import urllib.request

from measure import COUNTRIES, cpu_seconds, line, run, time_command


class Board:
    """A channel with two short segments and a board that follows it."""

    def __init__(self, b, name, seconds, office="", outlets='[[outlet]]\nid = "screen"\nspec = "null"\n', build=()):
        self.b, self.folder, self.office, self.outlets = b, b.folder / name, office, outlets
        source, tree, keys = (self.folder / n for n in ("source", "tree", "keys"))
        for segment in ("free-movement", "fair-work"):
            authored = self.folder / "authored" / segment
            for locale in ("en", "km"):
                (authored / locale).mkdir(parents=True)
                (authored / locale / "strings.toml").write_text('title = "Title"\nstrap = "Call"\nhotline = "000"\n')
            (authored / "segment.toml").write_text(f'format = 1\nid = "{segment}"\nfallback = "en"\n')
            (authored / "cards.toml").write_text(f'[[card]]\nseconds = {seconds}\nheading = "title"\n')
            run(b.bin / "riverlight", "segment", "build", authored, "--out", source / "segments" / segment, *build)
        for part in ("countries", "schedules"):
            shutil.copytree(b.source / "tools/demo" / part, source / part)
        for places in (source / "countries").glob("*/clearances.toml"):
            text = places.read_text()  # only the segments built here can be cleared
            blocks = text.split("[[clearances]]")
            places.write_text(blocks[0] + "".join("[[clearances]]" + x for x in blocks[1:] if "free-movement" in x or "fair-work" in x))
        for name, text in (("mekong", "free-movement\", \"fair-work"), ("partner-th", "free-movement")):
            (source / f"schedules/{name}.toml").write_text(
                f'format = 1\nname = "{name}"\n[[campaign]]\nid = "always"\ntitle = "Always"\n[[campaign.booking]]\nid = "always-on"\nkind = "filler"\n'
                f'segments = ["{text}"]\n')
        shutil.copy(b.source / "tools/demo/channel.toml", source)
        run(b.bin / "riverlight", "channel", "init", "--unprotected", "--keys", keys, "--countries", COUNTRIES, "--out", tree)
        run(b.bin / "riverlight", "channel", "publish", "--source", source, "--keys", keys, "--out", tree)
        self.source, self.keys, self.tree = source, keys, tree
        self.state, self.config, self.log = self.folder / "state", self.folder / "riverlightd.toml", self.folder / "log"
        self.write_settings()

    def write_settings(self, url="", state=None, check_s=60):
        """Settings that follow `url` (otherwise the channel's own folder) and keep `state`."""
        self.state = state or self.state
        self.config.write_text(f'''format = 1
state = "{self.state}"
[channel]
url = "{url or f"file://{self.tree}"}"
root = "{self.tree}/metadata/1.root.json"
check_s = {check_s}
[place]
id = "kh-pp-01"
{self.outlets}
{self.office}
[status]
listen = "127.0.0.1:0"
''')

    def publish(self):
        run(self.b.bin / "riverlight", "channel", "publish", "--source", self.source, "--keys", self.keys, "--out", self.tree)

    def records(self):
        """Its journal's records, the oldest first."""
        said = run(self.b.bin / "riverlight", "journal", "show", self.state, "--json", "--count", 1000000)
        return [json.loads(row) for row in said.splitlines() if row.startswith("{")]

    def start(self):
        self.log.write_bytes(b"")
        self.out = open(self.log, "ab")
        self.process = subprocess.Popen([self.b.bin / "riverlightd", "--config", self.config], stdout=self.out, stderr=self.out)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            found = re.search(r"status page on port (\d+)", self.log.read_text())
            if found:
                self.port = int(found.group(1))
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        raise SystemExit(f"the board did not start: {self.log.read_text()}")

    def status(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/v1/status", timeout=5) as answer:
            return json.loads(answer.read())

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(20)
        self.out.close()


def bench_daemon(b):
    board = Board(b, "daemon", 12)
    board.start()
    try:
        time.sleep(5)  # leave the start out: the figure is for a board that runs for months
        seconds, before = 60, cpu_seconds(board.process.pid)
        began = time.monotonic()
        time.sleep(seconds)
        spent = (cpu_seconds(board.process.pid) - before) / (time.monotonic() - began)
        if not board.status()["outlets"][0]["on_air"]:
            raise SystemExit("the board was not on air")
    finally:
        board.stop()
    return line("daemon: share of a core beside its player", spent * 100, 1.0, "%", f"over {seconds} s of airings of 12 s")


def bench_kills(b):
    random.seed(20261124)
    office_state = b.folder / "office"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    office = subprocess.Popen([b.bin / "riverlight-office", "serve", "--state", office_state, "--listen", f"127.0.0.1:{port}"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 10
        while not (office_state / "office.db").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        code = run(b.bin / "riverlight-office", "claim", "new", "--state", office_state, "--place", "kh-pp-01").split()[-1]
        board = Board(b, "kills", 0.4, f'[office]\nurl = "http://127.0.0.1:{port}"\nclaim_code = "{code}"')
        board.start()
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            known = json.loads(run(b.bin / "riverlight-office", "board", "list", "--state", office_state, "--json"))["boards"]
            if known:
                break
            time.sleep(0.1)
        run(b.bin / "riverlight-office", "board", "approve", "kh-pp-01", "--state", office_state, "--fingerprint", known[0]["fingerprint"])
        receipted = {}
        kills, began = b.options.kills, time.monotonic()
        for i in range(kills):
            time.sleep(random.uniform(0.05, 2.5))
            board.stop(signal.SIGKILL)
            with sqlite3.connect(board.state / "journal.db") as db:
                held = int((db.execute("SELECT value FROM note WHERE name='receipted'").fetchone() or ["0"])[0])
                receipted.update(db.execute("SELECT seq, hash FROM record WHERE seq<=?", (held,)).fetchall())
            db.close()
            board.start()
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            if board.status()["queue"] <= 1:
                break
            time.sleep(0.3)
        board.stop()
        verified = run(b.bin / "riverlight", "journal", "verify", board.state)
        records = {r["seq"]: r for r in board.records()}
        db = sqlite3.connect(office_state / "office.db")
        rows = db.execute("SELECT seq, hash, airing, status FROM airing").fetchall()
        db.close()
        lost = [seq for seq, digest in receipted.items() if records.get(seq, {}).get("hash") != digest]
        lost += [seq for seq in receipted if seq not in {r[0] for r in rows}]
        foreign = [seq for seq, digest, _, _ in rows if records.get(seq, {}).get("hash") != digest]
        aired = [airing for _, _, airing, status in rows if status == "aired"]
        twice = len(aired) - len(set(aired))
        print(f"  kills: {kills} × kill -9 in {time.monotonic() - began:.0f} s; {len(records)} airings, {len(rows)} in the office, {len(receipted)} receipted before a kill")
        print(f"  kills: {verified.strip()}")
        print(f"  kills: receipted and lost {len(lost)}, held but not so on the board {len(foreign)}, aired and counted twice {twice}  "
              f"{'ok' if not (lost or foreign or twice) else 'FAILED'}", flush=True)
        return not (lost or foreign or twice)
    finally:
        office.terminate()
        office.wait(10)


class Sender:
    """Serves one file over loopback with sendfile and range requests; with `piece`, resets each connection after that many bytes."""

    def __init__(self, path, piece=0):
        self.path, self.piece, self.sent = path, piece, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        size = self.path.stat().st_size
        while True:
            peer, _ = self.listener.accept()
            head = b""
            while b"\r\n\r\n" not in head:
                head += peer.recv(65536) or b"\r\n\r\n"
            start = int((re.search(rb"Range: bytes=(\d+)-", head) or [0, 0])[1])
            count = min(self.piece, size - start) if self.piece else size - start
            status = f"206 Partial Content\r\nContent-Range: bytes {start}-{size - 1}/{size}" if start else "200 OK"
            peer.sendall(f"HTTP/1.1 {status}\r\nContent-Length: {size - start}\r\nETag: \"1\"\r\nConnection: close\r\n\r\n".encode())
            try:
                with open(self.path, "rb") as file:
                    peer.sendfile(file, start, count)
                self.sent += count
                if self.piece and start + count < size:
                    while struct.unpack("i", fcntl.ioctl(peer, termios.TIOCOUTQ, bytes(4)))[0]:
                        time.sleep(0.001)  # wait until all is acknowledged: a reset discards the rest
                    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            except OSError:
                pass
            peer.close()


def time_fetches(b, folder, path, size, digest, peer):
    """Times seven time_fetches into `folder`, in turn ours and a peer's shell command, which contains {url} and {out}. Returns seconds."""
    plain, ours, theirs = Sender(path), [], []
    for _ in range(7):
        (folder / "ours").unlink(missing_ok=True)
        ours.append(time_command(b.bin / "fetch_bench", plain.url, "media", size, digest, folder / "ours"))
        (folder / "theirs").unlink(missing_ok=True)
        theirs.append(time_command("sh", "-c", peer.format(url=plain.url + "/media", out=folder / "theirs")))
    return ours, theirs


def print_fetch_line(name, size, ours, theirs, note):
    ratios = [o / t for o, t in zip(ours, theirs)]
    rate = lambda seconds: size / statistics.median(seconds) / 1e6
    return line(name, statistics.median(ratios), 1 / 0.9, "×", f"ours {rate(ours):.0f} MB/s, theirs {rate(theirs):.0f}; {note}; {', '.join(f'{r:.2f}' for r in ratios)}")


def bench_sync(b):
    path, size = b.folder / "media", 256 << 20
    with open(path, "wb") as out:
        for _ in range(size >> 20):
            out.write(os.urandom(1 << 20))
    digest = run("sha256sum", path).split()[0]
    # Into memory if possible; the next line measures the disk.
    with tempfile.TemporaryDirectory(prefix="riverlight-bench-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else b.folder) as memory:
        fine = print_fetch_line("sync: curl's throughput over ours, hashed", size, *time_fetches(b, pathlib.Path(memory), path, size, digest, "exec curl -sS -o {out} {url}"), "both into memory")
    durable = "curl -sS -o {out} {url} && sync {out} && echo '" + digest + "  {out}' | sha256sum -c --status"
    fine &= print_fetch_line("sync: the same on disk, hashed and durable", size, *time_fetches(b, b.folder, path, size, digest, durable), "theirs is curl, sync and sha256sum")
    torn = Sender(path, size // 100)
    crossed = int(run(b.bin / "fetch_bench", torn.url, "media", size, digest, b.folder / "torn"))
    fine &= line("sync: bytes with a reset at every hundredth", torn.sent / size, 1.1, "×", f"{crossed / size:.3f} × as the board counts, headers too")
    tree, trust = b.folder / "tree", b.folder / "trust"
    run(b.bin / "channel_tree", tree, 10_000, 50_000)
    times, peak = [], 0
    for _ in range(5):
        shutil.rmtree(trust, ignore_errors=True)
        # A separate program, because riverlight's other commands load 44 MB of libraries that a board's daemon does not.
        client = subprocess.Popen([b.bin / "verify_bench", tree / "metadata", trust], stdout=subprocess.PIPE, text=True)
        said = client.stdout.read()
        _, status, usage = os.wait4(client.pid, 0)
        times.append(usage.ru_utime + usage.ru_stime)
        peak = max(peak, usage.ru_maxrss)
        if status:
            raise SystemExit(f"the large channel did not verify ({status})")
    total = sum(f.stat().st_size for f in (tree / "metadata").iterdir())
    fine &= line("sync: metadata of 10,000 segments, 50,000 places", min(times), 1, "s", f"of CPU, one thread, least of {len(times)}: {', '.join(f'{t:.2f}' for t in times)}; {said.strip()} of {total / 1e6:.1f}")
    return line("sync: memory for that", peak / 1024, 64, "MB") and fine
