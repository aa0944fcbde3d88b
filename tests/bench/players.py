"""A player and the quality gate: text, decoding, memory, the first frame."""
import json
import os
import pathlib
import socket
import statistics
import subprocess
import time

from measure import cpu_of, line, run


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
