"""A player and the quality gate: text, decoding, memory, the first frame."""
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import time

from measure import cpu_of, line, run


def burmese(b, seconds):
    """Subtitles of two seconds each, from the Universal Declaration."""
    words = (b.source / "tests/data/text/my.txt").read_text().split()
    at = lambda s: f"00:{s // 60:02d}:{s % 60:02d},000"
    cues = [f"{n + 1}\n{at(2 * n)} --> {at(2 * n + 2)}\n{' '.join(words[8 * n:8 * n + 8])}\n" for n in range(seconds // 2)]
    path = b.folder / "my.srt"
    path.write_text("\n".join(cues))
    return path


def bench_text(b):
    seconds, size = 60, "1920x1080"  # the outlet's size, so that neither side scales
    clip = b.folder / "text.mp4"
    run("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25:duration={seconds}", "-f", "lavfi", "-i",
        f"sine=sample_rate=48000:duration={seconds}", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac", clip)
    subtitles, strap, cues = burmese(b, seconds), b.folder / "strap.png", b.folder / "text.cues"
    run(b.bin / "riverlight", "text", "render", "--as", "strap", "--locale", "my", "--text", "မသွားမီ ဖုန်းခေါ်ပါ", "--size", size, "--out", strap)
    cues.write_text(json.dumps(cue("text", clip) | dict(locale="my", subtitles=str(subtitles), strap=dict(label="မသွားမီ ဖုန်းခေါ်ပါ", number="000 000 000"))) + "\n")
    crop, at = "crop=1728:162:96:864,format=rgba", "96:864"
    peers = dict(FFmpeg=("ffmpeg", "-v", "error", "-y", "-i", clip, "-i", strap, "-filter_complex",
                         f"[0:v]subtitles={subtitles}:force_style='FontName=Noto Sans Myanmar'[s];[1:v]{crop}[o];[s][o]overlay={at},format=yuv420p", "-f", "null", "-"))
    if shutil.which("mpv"):  # where it puts subtitles into pictures: with an encoder that does nothing to them
        peers["mpv"] = ("mpv", "--no-config", "--really-quiet", f"--sub-file={subtitles}", "--sub-font=Noto Sans Myanmar", f"--vf=lavfi=[movie={strap},{crop}[o];[in][o]overlay={at}[out]]",
                        "--o=/dev/null", "--of=rawvideo", "--ovc=rawvideo", "--oac=pcm_s16le", clip)
    else:
        print("  text: mpv is not installed; compared with FFmpeg only")
    taken = {name: [] for name in ("ours", *peers)}
    ours = (b.bin / "riverlight-player", "--outlet", f"null?size={size}", "--fast", "--until-drained", "--cues", cues)
    if '"status":"aired"' not in run(*ours):
        raise SystemExit("the item did not air")
    for _ in range(5):  # a single pair varies by a tenth on a shared machine
        taken["ours"].append(cpu_of(*ours))
        for name, words in peers.items():
            taken[name].append(cpu_of(*words))
    fine = True
    for name, limit in (("FFmpeg", 0.9), ("mpv", 1.0)):
        if name in peers:
            ratios = [o / t for o, t in zip(taken["ours"], taken[name])]
            fine &= line(f"text: CPU against {name} burning it", statistics.median(ratios), limit, "×",
                         f"ours {statistics.median(taken['ours']):.2f} s, {name} {statistics.median(taken[name]):.2f} s, ratios {', '.join(f'{r:.2f}' for r in ratios)}")
    return fine


def bench_gate(b):
    """Makes a minute of moving, grainy video with sound, as from a camera, and eight subtitles."""
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
    """A riverlight-player and its cue socket."""

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
    """A cue with only its required fields (player/cue/cue_json.hpp)."""
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


def bench_screen(b):
    """Memory of a player that shows 1080p25 with subtitles: one item alone, then four items with the next always open."""
    clip = b.folder / "screen.mp4"
    run("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=25:duration=6", "-f", "lavfi", "-i",
        "sine=sample_rate=48000:duration=6", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac", clip)
    words = dict(locale="my", subtitles=str(burmese(b, 6)), strap=dict(label="မသွားမီ ဖုန်းခေါ်ပါ", number="000 000 000"))
    most = {}
    for items in (1, 4):
        player, over = Player(b, "--outlet", "null?size=1920x1080"), 0
        for i in range(items):
            player.say(**cue(f"c{i}", clip) | words)
        player.say(type="quit", drain=True)
        for event in player.events():
            if event["type"] == "health":
                most[items] = max(most.get(items, 0), player.resident_mb())
            over += event["type"] == "off_air" and event["status"] == "aired"
        player.process.wait(20)
        if over != items:
            raise SystemExit(f"{over} of {items} items aired")
    fine = line("screen: most memory at 1080p25 with text", most[1], 150, "MB", "in real time")
    return line("screen: the same with the next item open", most[4], 200, "MB", "over three joins") and fine


def mpv_first_frame(clip):
    began = time.monotonic()
    with subprocess.Popen(["mpv", "--no-config", "--vo=null", "--ao=null", "--msg-level=all=no,cplayer=v", clip], stdout=subprocess.PIPE, text=True) as mpv:
        for words in mpv.stdout:
            if "first video frame" in words:
                elapsed = time.monotonic() - began
                mpv.kill()
                return elapsed
    raise SystemExit("mpv ended before its first frame")


def bench_start(b):
    clip, ours, theirs = short_clip(b, 2), [], []
    for _ in range(7):
        player = Player(b, "--outlet", "null")
        player.say(**cue("c", clip))
        for event in player.events():
            if event["type"] == "on_air":
                ours.append(time.monotonic() - player.spawned)
                break
        player.say(type="quit", drain=False)
        player.process.wait(10)
        if shutil.which("mpv"):
            theirs.append(mpv_first_frame(clip))
    fine = line("start: first frame after the player's start", statistics.median(ours), 0.5, "s", f"most {max(ours):.2f} s of {len(ours)}")
    if not theirs:
        print("  start: mpv is not installed; no comparison")
        return fine
    return line("start: against mpv's first frame", statistics.median(ours) / statistics.median(theirs), 0.8, "×", f"mpv {statistics.median(theirs):.3f} s") and fine
