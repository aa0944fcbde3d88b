"""Feeds against FFmpeg: joins, splicing, thirty at once."""
import json
import os
import pathlib
import re
import resource
import select
import shutil
import socket
import statistics
import struct
import subprocess
import threading
import time

from measure import cpu_of, line, run


def make_clips(folder):
    """Makes five clips of 8 s in mixed formats, as partners deliver them."""
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
    rounds = 8  # several minutes of feed, so that the start of a process counts little
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
    """UDP receivers on loopback; measures the gaps between datagrams of each by kernel timestamps (SO_TIMESTAMPNS)."""

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
