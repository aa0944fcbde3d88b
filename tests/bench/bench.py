"""What Riverlight costs, as ratios against a peer or a limit, measured in one run.

  bench.py BIN SOURCE [joins] [splice] [feeds] [text] [gate] [memory] [start] [daemon] [kills] [sync] [--clips FOLDER]

joins   CPU of `riverlight play` to a 720p25 feed against FFmpeg's concat filter doing the same; pairs, in turn
splice  CPU of a feed spliced from renditions against FFmpeg copying the same packets, and encoding the same clips
feeds   30 spliced feeds at once to UDP on this machine: gaps between datagrams as the kernel saw them come, memory of each
text    CPU of a player with Burmese subtitles and a strap against FFmpeg's CLI that burns the same subtitles and a picture as large
gate    CPU of `riverlight segment check --report` of a 1080p25 video against FFmpeg decoding the same file
memory  of a player over 1,000 joins
start   from the player's start to its first frame
daemon  CPU of riverlightd beside its player
kills   200 × kill -9 of the daemon while it journals and reports: nothing receipted is lost, nothing counts twice
sync    a download with its hash against curl's own of the same bytes; what a reset at every hundredth costs; verifying the metadata of a large channel
"""
import argparse
import fcntl
import json
import os
import pathlib
import random
import re
import resource
import select
import shutil
import signal
import socket
import sqlite3
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
import urllib.request

COUNTRIES = "kh,cn,la,mm,th,vn"


def run(*words, **more):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, **more)
    if done.returncode:
        raise SystemExit(f"{' '.join(str(w) for w in words)} ended with {done.returncode}:\n{done.stdout[-500:]}\n{done.stderr[-1500:]}")
    return done.stdout


def cpu_of(*words):
    """User and system seconds of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(*words)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def line(name, value, limit, unit, note=""):
    ratio = value / limit
    print(f"  {name:<44} {value:9.3f} {unit:<3} limit {limit:g} {unit}  ratio {ratio:.2f}  {'ok' if ratio <= 1 else 'OVER'}  {note}", flush=True)
    return ratio <= 1


def make_clips(folder):
    """Five clips of mixed form, 8 s each: what partners hand in."""
    forms = [
        ("a.mp4", "1280x720", "25", "48000", ["-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac"]),
        ("b.mp4", "1920x1080", "30", "44100", ["-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac"]),
        ("c.mpg", "720x576", "25", "48000", ["-c:v", "mpeg2video", "-b:v", "5M", "-aspect", "16:9", "-c:a", "mp2"]),
        ("d.mp4", "1280x720", "24000/1001", "48000", ["-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac", "-ac", "1"]),
        ("e.mp4", "1280x720", "50", "48000", ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-c:a", "aac", "-ac", "6"]),
    ]
    out = []
    for name, size, rate, hertz, how in forms:
        run("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}:duration=8", "-f", "lavfi", "-i",
            f"sine=frequency=440:sample_rate={hertz}:duration=8", "-pix_fmt", "yuv420p", "-ac", "2", *how, folder / name)
        out.append(folder / name)
    return out


def concat(clips, into):
    """FFmpeg's concat filter with the same encoder settings and the same constant-rate mux."""
    words, chains = ["ffmpeg", "-v", "error", "-y"], []
    for i, clip in enumerate(clips):
        words += ["-i", clip]
        chains.append(f"[{i}:v]scale=1280:720:force_original_aspect_ratio=decrease,pad=1280:720:-1:-1,setsar=1,fps=25,format=yuv420p[v{i}];"
                      f"[{i}:a]aresample=48000,aformat=channel_layouts=stereo[a{i}]")
    joined = "".join(f"[v{i}][a{i}]" for i in range(len(clips)))
    return words + ["-filter_complex", ";".join(chains) + f";{joined}concat=n={len(clips)}:v=1:a=1[v][a]", "-map", "[v]", "-map", "[a]",
                    "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-b:v", "4M", "-minrate", "4M", "-maxrate", "4M", "-bufsize", "2M",
                    "-bf", "2", "-g", "25", "-x264-params", "nal-hrd=cbr:force-cfr=1:open-gop=0:scenecut=0:rc-lookahead=5:sync-lookahead=0",
                    "-c:a", "mp2", "-b:a", "192k", "-muxrate", "5M", into]


def bench_joins(b):
    clips = sorted(b.options.clips.iterdir()) if b.options.clips else make_clips(b.folder)
    ours, theirs = [], []
    for _ in range(3):
        ours.append(cpu_of(b.bin / "riverlight", "play", *clips, "--outlet", f"file:{b.folder}/out.ts", "--profile", "720p25", "--fast"))
        theirs.append(cpu_of(*concat(clips, b.folder / "peer.ts")))
    ratios = [o / t for o, t in zip(ours, theirs)]
    return line("joins: CPU against the concat filter", statistics.median(ratios), 1.0, "×",
                f"ours {statistics.median(ours):.1f} s, concat {statistics.median(theirs):.1f} s, ratios {', '.join(f'{r:.2f}' for r in ratios)}")


def bench_splice(b):
    """Renditions of one profile through the splicer, FFmpeg's concat demuxer with -c copy, and its concat filter."""
    clips = sorted(b.options.clips.iterdir()) if b.options.clips else make_clips(b.folder)
    built, media = [], []
    for i, clip in enumerate(clips):
        source = b.folder / f"segment-{i}"
        (source / "en").mkdir(parents=True)
        (source / "en/strings.toml").write_text('title = "Title"\n')
        (source / "segment.toml").write_text(f'format = 1\nid = "segment-{i}"\nfallback = "en"\npicture = "{clip.name}"\n')
        shutil.copy(clip, source)
        run(b.bin / "riverlight", "segment", "build", source, "--out", b.folder / f"built-{i}", "--profile", "720p25")
        manifest = json.loads((b.folder / f"built-{i}/segment.json").read_text())
        rendition = manifest["locales"]["en"]["renditions"]["720p25"]
        built.append(b.folder / f"built-{i}")
        media.append(b.folder / f"built-{i}/media/{rendition}.mp4")
    rounds = 8  # some minutes of feed, so that starting a process weighs little
    names = b.folder / "list.txt"
    names.write_text("".join(f"file '{m}'\n" for m in media * rounds))
    ours, copied, encoded = [], [], []
    for _ in range(3):
        ours.append(cpu_of(b.bin / "riverlight", "play", *(built * rounds), "--outlet", f"file:{b.folder}/out.ts", "--profile", "720p25", "--fast"))
        copied.append(cpu_of("ffmpeg", "-v", "error", "-y", "-f", "concat", "-safe", "0", "-i", names, "-c", "copy", "-muxrate", "5M", b.folder / "peer.ts"))
        encoded.append(cpu_of(*concat(clips, b.folder / "peer.ts")) * rounds)
    seconds = float(run("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", b.folder / "peer.ts")) * rounds
    fine = line("splice: CPU against concat demuxer, -c copy", statistics.median(o / c for o, c in zip(ours, copied)), 1.5, "×",
                f"ours {statistics.median(ours):.2f} s, copy {statistics.median(copied):.2f} s, of some {seconds:.0f} s of feed")
    fine &= line("splice: CPU against the concat filter", statistics.median(o / e for o, e in zip(ours, encoded)), 0.01, "×",
                 f"filter {statistics.median(encoded):.1f} s")
    return line("splice: share of a core at its own pace", 100 * statistics.median(ours) / seconds, 0.3, "%") and fine


class Gaps:
    """UDP receivers on loopback; gaps between the datagrams of each, by the kernel's stamps (SO_TIMESTAMPNS)."""

    def __init__(self, count):
        self.sockets, self.gaps, self.stopped = [], [[] for _ in range(count)], False
        for _ in range(count):
            receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
            receiver.setsockopt(socket.SOL_SOCKET, 35, 1)
            receiver.bind(("127.0.0.1", 0))
            receiver.setblocking(False)
            self.sockets.append(receiver)
        self.ports = [receiver.getsockname()[1] for receiver in self.sockets]
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        poll, last = select.epoll(), [0] * len(self.sockets)
        for i, receiver in enumerate(self.sockets):
            poll.register(receiver, select.EPOLLIN)
        index = {receiver.fileno(): i for i, receiver in enumerate(self.sockets)}
        while not self.stopped:
            for fd, _ in poll.poll(0.1):
                i = index[fd]
                try:
                    while True:
                        _, about, _, _ = self.sockets[i].recvmsg(2048, 64)
                        seconds, nanoseconds = struct.unpack("qq", about[0][2])
                        at = seconds * 10**9 + nanoseconds
                        if last[i]:
                            self.gaps[i].append((at - last[i]) / 1e6)
                        last[i] = at
                except BlockingIOError:
                    pass

    def stop(self):
        self.stopped = True
        self.thread.join()
        return [gap for gaps in self.gaps for gap in gaps]


def bench_feeds(b):
    count, seconds = 30, 20
    clip, source = make_clips(b.folder)[0], b.folder / "feeds-segment"
    (source / "en").mkdir(parents=True)
    (source / "en/strings.toml").write_text('title = "Title"\n')
    (source / "segment.toml").write_text(f'format = 1\nid = "feeds-segment"\nfallback = "en"\npicture = "{clip.name}"\n')
    shutil.copy(clip, source)
    run(b.bin / "riverlight", "segment", "build", source, "--out", b.folder / "feeds-built", "--profile", "720p25")
    gaps, resident = Gaps(count), []
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    feeds = [subprocess.Popen([b.bin / "riverlight", "play", *[b.folder / "feeds-built"] * (seconds // 8 + 1), "--outlet", f"udp://127.0.0.1:{port}"],
                              stdout=subprocess.DEVNULL) for port in gaps.ports]
    time.sleep(seconds / 2)
    for feed in feeds:
        player = pathlib.Path(f"/proc/{feed.pid}/task/{feed.pid}/children").read_text().split()[0]
        resident.append(int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{player}/status").read_text()).group(1)) / 1024)
    for feed in feeds:
        if feed.wait() != 0:
            raise SystemExit(f"a feed ended with {feed.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    found = sorted(gaps.stop())
    at = lambda share: found[int(len(found) * share)]
    note = f"{len(found)} datagrams, load {os.getloadavg()[0]:.1f}, {cpu / (seconds + 4) / count * 100:.1f} % of a core a feed with its start"
    fine = line("feeds: p99 gap of 30 at once", at(0.99), 4, "ms", note)
    fine &= line("feeds: p99.9 gap", at(0.999), 10, "ms", f"longest {found[-1]:.1f} ms")
    return line("feeds: memory of one", max(resident), 60, "MB", f"median {statistics.median(resident):.0f} MB") and fine


def burmese(b, seconds):
    """Subtitles of two seconds each, from the Universal Declaration."""
    words = (b.source / "tests/data/text/my.txt").read_text().split()
    cues = [f"{n + 1}\n00:00:{2 * n:02d},000 --> 00:00:{2 * n + 2:02d},000\n{' '.join(words[8 * n:8 * n + 8])}\n" for n in range(seconds // 2)]
    path = b.folder / "my.srt"
    path.write_text("\n".join(cues))
    return path


def bench_text(b):
    seconds, size = 20, "1280x720"  # what the null outlet takes: no scaling on either side
    clip = b.folder / "text.mp4"
    run("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25:duration={seconds}", "-f", "lavfi", "-i",
        f"sine=sample_rate=48000:duration={seconds}", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac", clip)
    subtitles, strap, cues = burmese(b, seconds), b.folder / "strap.png", b.folder / "text.cues"
    run(b.bin / "riverlight", "text", "render", "--as", "strap", "--locale", "my", "--text", "မသွားမီ ဖုန်းခေါ်ပါ", "--size", size, "--out", strap)
    cues.write_text(json.dumps(cue("text", clip) | dict(locale="my", subtitles=str(subtitles), strap=dict(label="မသွားမီ ဖုန်းခေါ်ပါ", number="000 000 000"))) + "\n")
    burn = f"[0:v]subtitles={subtitles}:force_style='FontName=Noto Sans Myanmar'[s];[1:v]crop=1152:108:64:576,format=rgba[o];[s][o]overlay=64:576,format=yuv420p"
    ours, theirs = [], []
    for _ in range(5):
        ours.append(cpu_of(b.bin / "riverlight-player", "--outlet", "null", "--fast", "--until-drained", "--cues", cues))
        theirs.append(cpu_of("ffmpeg", "-v", "error", "-y", "-i", clip, "-i", strap, "-filter_complex", burn, "-f", "null", "-"))
    ratios = [o / t for o, t in zip(ours, theirs)]
    return line("text: CPU against FFmpeg burning it", statistics.median(ratios), 0.9, "×",
                f"ours {statistics.median(ours):.2f} s, FFmpeg {statistics.median(theirs):.2f} s, ratios {', '.join(f'{r:.2f}' for r in ratios)}")


def bench_gate(b):
    """A minute of moving pictures with grain and sound, as a camera hands it in, and eight subtitles."""
    seconds, source = 60, b.folder / "gate"
    (source / "en").mkdir(parents=True)
    (source / "segment.toml").write_text('format = 1\nid = "gate"\nfallback = "en"\npicture = "video.mp4"\n')
    (source / "en/strings.toml").write_text('title = "Title"\nstrap = "Ask before you go"\nhotline = "000 000 000"\n')
    (source / "en/subtitles.srt").write_text("\n".join(
        f"{n + 1}\n00:00:{7 * n:02d},000 --> 00:00:{7 * n + 5:02d},000\nEveryone has the right to work.\n" for n in range(8)))
    clip = source / "video.mp4"
    run("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=size=1920x1080:rate=25:duration={seconds},noise=alls=6:allf=t", "-f", "lavfi", "-i",
        f"sine=frequency=440:sample_rate=48000:duration={seconds}", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-b:v", "8M",
        "-c:a", "aac", "-b:a", "192k", "-ac", "2", clip)
    ours, theirs = [], []
    for _ in range(3):
        ours.append(cpu_of(b.bin / "riverlight", "segment", "check", source, "--report", b.folder / "report.html"))
        theirs.append(cpu_of("ffmpeg", "-v", "error", "-i", clip, "-f", "null", "-"))
    ratios = [o / t for o, t in zip(ours, theirs)]
    return line("gate: CPU against FFmpeg decoding it", statistics.median(ratios), 1.3, "×",
                f"ours {statistics.median(ours):.2f} s, FFmpeg {statistics.median(theirs):.2f} s, ratios {', '.join(f'{r:.2f}' for r in ratios)}, "
                f"page {(b.folder / 'report.html').stat().st_size / 1e3:.0f} kB")


class Player:
    """riverlight-player with a conversation."""

    def __init__(self, b, *words):
        ours, theirs = socket.socketpair()
        self.spawned = time.monotonic()
        self.process = subprocess.Popen([b.bin / "riverlight-player", "--cue-fd", str(theirs.fileno()), *words], pass_fds=[theirs.fileno()])
        theirs.close()
        self.socket, self.buffer = ours, b""

    def say(self, **message):
        self.socket.sendall(json.dumps(message).encode() + b"\n")

    def events(self):
        while True:
            while b"\n" in self.buffer:
                head, self.buffer = self.buffer.split(b"\n", 1)
                yield json.loads(head)
            got = self.socket.recv(65536)
            if not got:
                return
            self.buffer += got

    def resident_mb(self):
        words = pathlib.Path(f"/proc/{self.process.pid}/statm").read_text().split()
        return int(words[1]) * os.sysconf("SC_PAGESIZE") / 1e6


def cue(airing, picture):
    """The least a cue says (player/cue/cue.hpp)."""
    return dict(type="cue", airing=airing, picture=str(picture), locale="en")


def short_clip(b, seconds=0.4):
    path = b.folder / "short.mp4"
    run("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=size=1280x720:rate=25:duration={seconds}", "-f", "lavfi", "-i",
        f"sine=sample_rate=48000:duration={seconds}", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac", path)
    return path


def bench_memory(b):
    clip, joins = short_clip(b), 1000
    player = Player(b, "--outlet", f"file:{b.folder}/memory.ts", "--profile", "720p25", "--fast")
    for i in range(3):
        player.say(**cue(f"c{i}", clip))
    told, over, sizes = 3, 0, []
    for event in player.events():
        if event["type"] != "off_air":
            continue
        if event["status"] != "aired":
            raise SystemExit(f"a join failed: {event}")
        over += 1
        sizes.append(player.resident_mb())
        if told < joins:
            player.say(**cue(f"c{told}", clip))
            told += 1
        elif over == joins:
            player.say(type="quit", drain=True)
    player.process.wait(20)
    early, late = statistics.median(sizes[100:200]), statistics.median(sizes[-100:])
    fine = line("memory: most of a player over 1,000 joins", max(sizes), 200, "MB")
    return line("memory: joins 901–1,000 against 101–200", late / early, 1.05, "×", f"{early:.0f} MB, then {late:.0f} MB") and fine


def bench_start(b):
    clip, times = short_clip(b, 2), []
    for _ in range(7):
        player = Player(b, "--outlet", "null")
        player.say(**cue("c", clip))
        for event in player.events():
            if event["type"] == "on_air":
                times.append(time.monotonic() - player.spawned)
                break
        player.say(type="quit", drain=False)
        player.process.wait(10)
    return line("start: first frame after the player's start", statistics.median(times), 0.5, "s", f"most {max(times):.2f} s of {len(times)}")


class Board:
    """A channel with two short segments, and a board that follows it."""

    def __init__(self, b, name, seconds, office=""):
        self.b, self.folder = b, b.folder / name
        source, tree, keys = (self.folder / n for n in ("source", "tree", "keys"))
        for segment in ("free-movement", "fair-work"):
            authored = self.folder / "authored" / segment
            for locale in ("en", "km"):
                (authored / locale).mkdir(parents=True)
                (authored / locale / "strings.toml").write_text('title = "Title"\nstrap = "Call"\nhotline = "000"\n')
            (authored / "segment.toml").write_text(f'format = 1\nid = "{segment}"\nfallback = "en"\n')
            (authored / "cards.toml").write_text(f'[[card]]\nseconds = {seconds}\nheading = "title"\n')
            run(b.bin / "riverlight", "segment", "build", authored, "--out", source / "segments" / segment)
        for part in ("countries", "schedules"):
            shutil.copytree(b.source / "tools/demo" / part, source / part)
        for places in (source / "countries").glob("*/clearances.toml"):
            text = places.read_text()  # only what is built here may be cleared
            blocks = text.split("[[clearances]]")
            places.write_text(blocks[0] + "".join("[[clearances]]" + x for x in blocks[1:] if "free-movement" in x or "fair-work" in x))
        for name, text in (("mekong", "free-movement\", \"fair-work"), ("partner-th", "free-movement")):
            (source / f"schedules/{name}.toml").write_text(
                f'format = 1\nname = "{name}"\n[[campaign]]\nid = "always"\ntitle = "Always"\n[[campaign.booking]]\nid = "always-on"\nkind = "filler"\n'
                f'segments = ["{text}"]\n')
        shutil.copy(b.source / "tools/demo/channel.toml", source)
        run(b.bin / "riverlight", "channel", "init", "--unprotected", "--keys", keys, "--countries", COUNTRIES, "--out", tree)
        run(b.bin / "riverlight", "channel", "publish", "--source", source, "--keys", keys, "--out", tree)
        self.tree, self.state, self.config = tree, self.folder / "state", self.folder / "riverlightd.toml"
        self.config.write_text(f'''format = 1
state = "{self.state}"
[channel]
url = "file://{tree}"
root = "{tree}/metadata/1.root.json"
[place]
id = "kh-pp-01"
[[outlet]]
id = "screen"
spec = "null"
{office}
[status]
listen = "127.0.0.1:0"
''')
        self.log = self.folder / "log"

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


def cpu_seconds(pid):
    words = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def bench_daemon(b):
    board = Board(b, "daemon", 12)
    board.start()
    try:
        time.sleep(5)  # its start is not what runs for months
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
        records = {r["seq"]: r for r in map(json.loads, run(b.bin / "riverlight", "journal", "show", board.state, "--json", "--count", 1000000).splitlines())}
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
    """Hands one file out over loopback with sendfile, ranges too; with `piece` it resets every answer after so many bytes."""

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
                        time.sleep(0.001)  # a reset takes along what has not been acknowledged yet
                    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            except OSError:
                pass
            peer.close()


def took(*words):
    began = time.monotonic()
    run(*words)
    return time.monotonic() - began


def bench_sync(b):
    path, size = b.folder / "media", 128 << 20
    with open(path, "wb") as out:
        for _ in range(size >> 20):
            out.write(os.urandom(1 << 20))
    digest = run("sha256sum", path).split()[0]
    plain, ours, theirs, durable = Sender(path), [], [], []
    for _ in range(7):
        (b.folder / "ours").unlink(missing_ok=True)
        ours.append(took(b.bin / "fetch_bench", plain.url, "media", size, digest, b.folder / "ours"))
        (b.folder / "theirs").unlink(missing_ok=True)
        theirs.append(took("curl", "-sS", "-o", b.folder / "theirs", plain.url + "/media"))
        (b.folder / "theirs").unlink()
        durable.append(took("sh", "-c", f"curl -sS -o {b.folder}/theirs {plain.url}/media && sync {b.folder}/theirs && echo '{digest}  {b.folder}/theirs' | sha256sum -c --status"))
    rate = lambda seconds: size / seconds / 1e6
    ratios = [t / o for t, o in zip(theirs, ours)]
    note = (f"ours {rate(statistics.median(ours)):.0f} MB/s, hashed and durable; curl {rate(statistics.median(theirs)):.0f} MB/s, neither; "
            f"curl, sync and sha256sum {rate(statistics.median(durable)):.0f} MB/s; ratios {', '.join(f'{r:.2f}' for r in ratios)}")
    fine = line("sync: curl's throughput over ours", 1 / statistics.median(ratios), 1 / 0.9, "×", note)
    same = [d / o for d, o in zip(durable, ours)]
    fine &= line("sync: curl, sync and sha256sum over ours", 1 / statistics.median(same), 1 / 0.9, "×", "the same work done")
    torn = Sender(path, size // 100)
    crossed = int(run(b.bin / "fetch_bench", torn.url, "media", size, digest, b.folder / "torn"))
    fine &= line("sync: bytes with a reset at every hundredth", torn.sent / size, 1.1, "×", f"{crossed / size:.3f} × as the board counts, headers too")
    tree, trust = b.folder / "tree", b.folder / "trust"
    run(b.bin / "channel_tree", tree, 10_000, 50_000)
    run(b.bin / "riverlight", "tuf", "--metadata-dir", trust, "init", tree / "metadata/1.root.json")
    times, peak = [], 0
    for _ in range(5):
        for old in trust.glob("[!r]*.json"):
            old.unlink()
        client = subprocess.Popen([b.bin / "riverlight", "tuf", "--metadata-dir", trust, "--metadata-url", f"file://{tree}/metadata", "--target-name",
                                   "places/place-0.json", "--target-base-url", f"file://{tree}/targets", "--target-dir", b.folder / "got", "download"],
                                  stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(client.pid, 0)
        times.append(usage.ru_utime + usage.ru_stime)
        peak = max(peak, usage.ru_maxrss)
        if status:
            raise SystemExit(f"the large channel did not verify ({status})")
    total = sum(f.stat().st_size for f in (tree / "metadata").iterdir())
    fine &= line("sync: metadata of 10,000 segments, 50,000 places", min(times), 1, "s", f"of CPU, one thread, least of {len(times)}: {', '.join(f'{t:.2f}' for t in times)}; {total / 1e6:.1f} MB in all")
    return line("sync: memory for that", peak / 1024, 64, "MB") and fine


class Bench:
    def __init__(self, options, folder):
        self.options, self.bin, self.source, self.folder = options, options.bin.resolve(), options.source.resolve(), folder


def main():
    parts = dict(joins=bench_joins, splice=bench_splice, feeds=bench_feeds, text=bench_text, gate=bench_gate, memory=bench_memory, start=bench_start, daemon=bench_daemon, kills=bench_kills, sync=bench_sync)
    parser = argparse.ArgumentParser(prog="bench.py", description="What Riverlight costs, as ratios against a peer or a limit.")
    parser.add_argument("bin", type=pathlib.Path)
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(parts))
    parser.add_argument("--clips", type=pathlib.Path, help="folder of clips to join, instead of made ones")
    parser.add_argument("--kills", type=int, default=200)
    options = parser.parse_args()
    for part in options.parts:
        if part not in parts:
            parser.error(f"there is no part '{part}'; there are {', '.join(parts)}")
    fine = True
    for name in options.parts or parts:
        with tempfile.TemporaryDirectory(prefix="riverlight-bench-") as folder:
            fine = parts[name](Bench(options, pathlib.Path(folder))) and fine
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
