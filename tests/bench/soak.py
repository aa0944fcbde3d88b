#!/usr/bin/env python3
"""A day's joins in minutes: one player, as fast as it goes, and whether its memory and descriptors stay flat.

  tests/bench/soak.py [--bin build/release/bin] [--joins 20000]

Items of three formats, every third with subtitles and a strap, 120 ms each, on the outlet `null`. After a fifth of the joins memory may grow by
2 MB more at most, descriptors not at all; exit 1 otherwise.
"""
import argparse
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
AHEAD = 6
MOST_GROWTH = 2 << 20
FORMATS = [("a.mp4", "-c:v libx264 -c:a aac"), ("b.webm", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus"), ("c.ts", "-c:v mpeg2video -c:a mp2")]


def clips(folder):
    for name, coders in FORMATS:
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=640x360:rate=25:duration=0.4", "-f", "lavfi", "-i", "sine=duration=0.4",
                        *coders.split(), "-pix_fmt", "yuv420p", folder / name], check=True, timeout=60)
    (folder / "a.vtt").write_text("WEBVTT\n\n00:00:00.000 --> 00:01:00.000\nမွေးဖွားလာသူများ ဖြစ်သည်။\n")


def cue(folder, n):
    name, _ = FORMATS[n % len(FORMATS)]
    item = {"type": "cue", "airing": str(n), "picture": str(folder / name), "locale": "my", "duration_ms": 120}
    if n % len(FORMATS) == 0:
        item |= {"subtitles": str(folder / "a.vtt"), "strap": {"label": "အကူအညီ", "number": str(1000 + n % 50)}}
    return json.dumps(item).encode() + b"\n"


def soak(folder, binary, joins):
    """Samples of (joins done, resident bytes, descriptors) over time."""
    ours, theirs = socket.socketpair()
    player = subprocess.Popen([binary / "riverlight-player", "--outlet", "null", "--fast", "--cue-fd", str(theirs.fileno())], pass_fds=[theirs.fileno()])
    theirs.close()
    seen, done, told = [], 0, 0
    try:
        lines = ours.makefile("rb")
        for told in range(AHEAD):
            ours.sendall(cue(folder, told))
        while done < joins:
            event = json.loads(lines.readline())
            if event["type"] == "health":
                seen.append((done, event["resident_bytes"], len(os.listdir(f"/proc/{player.pid}/fd"))))
            if event["type"] == "off_air":
                if event["status"] != "aired":
                    sys.exit(f"item {event['airing']} {event['status']}: {event['reason']}")
                done += 1
                told += 1
                ours.sendall(cue(folder, told))
    finally:
        player.kill()
        player.wait()
        ours.close()
    return seen


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build/release/bin")
    parser.add_argument("--joins", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="riverlight-soak-") as name:
        folder = pathlib.Path(name)
        clips(folder)
        begun = time.monotonic()
        seen = soak(folder, options.bin, options.joins)
    steady = [s for s in seen if s[0] >= options.joins / 5]
    # The minimum of each tenth, because frames decoded ahead come and go.
    tenth = max(1, len(steady) // 8)
    memory = [min(s[1] for s in steady[at : at + tenth]) for at in range(0, len(steady) - tenth + 1, tenth)]
    files = [min(s[2] for s in steady[at : at + tenth]) for at in range(0, len(steady) - tenth + 1, tenth)]
    print(f"{options.joins} joins in {time.monotonic() - begun:.0f} s; resident MiB by tenths: {' '.join(f'{m / 2**20:.1f}' for m in memory)}; descriptors {files}")
    grown, opened = memory[-1] - memory[0], files[-1] - files[0]
    if grown > MOST_GROWTH or opened > 0:
        print(f"memory grew by {grown / 2**20:.1f} MiB, descriptors by {opened}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
