#!/usr/bin/env python3
"""A feed in real time, for hours, as its receiver sees it.

  tests/bench/real_time.py [--bin build/release/bin] [--seconds 7200] [--clips FOLDER] [--keep FILE.ts] [PROFILE]

Mixed joins as in hours.py go to a UDP socket on loopback; every 61 seconds a hard start cuts what is on air. Each datagram is stamped by the
kernel in wall-clock time. Said each minute and judged at the end: how far the stream's clock (PCR) has moved against the wall clock since the
first minute (one frame) and how far hard starts were from their instants (a frame and a millisecond), how much the least memory of the second half
is above that of the first (2 MB; items that are encoded take some and give it back), the longest silence between datagrams, what could not air, and what
`ts_check` finds in all that arrived. Exit 1 where one is missed. Frames that the player made late are told: what leaves is a second behind them.
"""
import argparse
import collections
import datetime
import json
import os
import pathlib
import random
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/bench"))
import hours  # noqa: E402

HARD_START_INTERVAL = 61  # seconds between hard starts
SO_TIMESTAMPNS = 35  # Linux, asm-generic/socket.h
PACKET, SYNC = 188, 0x47
PCR_WRAP = (1 << 33) * 300  # the PCR wraps after this many ticks of 27 MHz


def instant(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")


def seconds_of(words):
    return datetime.datetime.fromisoformat(words.replace("Z", "+00:00")).timestamp()


def cues(media, begin, seconds):
    """Cues from `begin`: a hard start every 61 s, and between them more items than fit."""
    lines, starts = [], {}
    for start in range(0, int(seconds), HARD_START_INTERVAL):
        filled = 0.0
        while filled < HARD_START_INTERVAL:
            clip, rendition = random.choice(media)
            n, length = len(lines), 8.0
            cue = dict(type="cue", airing=f"a{n}", locale="en", picture=str(clip))
            if n % 12 != 5:
                cue["rendition"] = dict(path=str(rendition), parameters="")
            if n % 12 in (5, 9) and filled:  # encoded, or cut short
                length = random.randint(20, 100) * 0.04
                cue["duration_ms"] = round(length * 1000)
            if not filled:
                starts[cue["airing"]] = begin + start
                cue["start"] = instant(begin + start)
            lines.append(json.dumps(cue))
            filled += length
    return lines, starts


def pcr_of(datagram):
    """The first PCR in a datagram, 27 MHz, or None (ISO/IEC 13818-1, 2.4.3.4)."""
    for at in range(0, len(datagram) - PACKET + 1, PACKET):
        p = datagram[at:at + 12]
        if p[0] == SYNC and p[3] & 0x20 and p[4] >= 7 and p[5] & 0x10:
            high = int.from_bytes(p[6:10], "big") << 1 | p[10] >> 7
            return high * 300 + ((p[10] & 1) << 8 | p[11])
    return None


class Receiver(threading.Thread):
    """Receives datagrams until stopped; `minutes` holds the (least, most) of arrival time minus PCR for each minute, in seconds."""

    def __init__(self, keep):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.5)
        self.over = threading.Event()
        self.keep, self.minutes, self.silence, self.count, self.first = keep, [], 0.0, 0, None

    def run(self):
        last, wraps, before = None, 0, None
        while not self.over.is_set():
            try:
                data, stamps, _, _ = self.socket.recvmsg(2048, 64)
            except socket.timeout:
                continue
            whole, part = struct.unpack("qq", stamps[0][2][:16])
            arrived = whole + part / 1e9
            self.keep.write(data)
            self.count += 1
            self.silence = max(self.silence, arrived - last) if last else 0.0
            last = arrived
            pcr = pcr_of(data)
            if pcr is None:
                continue
            if before is not None and pcr < before - PCR_WRAP // 2:
                wraps += 1
            before = pcr
            self.first = self.first or arrived
            off = arrived - (pcr + wraps * PCR_WRAP) / 27e6
            minute = int((arrived - self.first) / 60)
            if minute == len(self.minutes):
                self.minutes.append([off, off])
            self.minutes[minute] = [min(self.minutes[minute][0], off), max(self.minutes[minute][1], off)]


def resident_mb(pid):
    return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6


def watch(player, seconds, receiver, heard):
    """Samples the player's memory once a minute until it ends."""
    memory = []
    while player.poll() is None:
        try:
            memory.append(resident_mb(player.pid))
        except (OSError, IndexError):
            break
        ended = [e for e in list(heard) if e["type"] == "off_air"]
        drift = (receiver.minutes[-1][0] - receiver.minutes[0][0]) * 1000 if receiver.minutes else 0
        print(f"  {len(memory) - 1:4} min: {memory[-1]:6.1f} MB, drift {drift:+.3f} ms, silence ≤ {receiver.silence * 1000:.1f} ms, {len(ended)} ended", flush=True)
        try:
            player.wait(60)
        except subprocess.TimeoutExpired:
            pass
    return memory


def judge(name, value, limit, unit):
    print(f"  {name:<52} {value:10.3f} {unit:<3} limit {limit:g} {unit}  {'ok' if value <= limit else 'OVER'}", flush=True)
    return value <= limit


def report(binary, ts, receiver, heard, starts, memory):
    frame = 40.0
    lows = [low for low, _ in receiver.minutes]
    on = {e["airing"]: seconds_of(e["instant"]) for e in heard if e["type"] == "on_air"}
    off = [abs(on[a] - at) * 1000 if a in on else float("inf") for a, at in starts.items()]
    states = collections.Counter(e["status"] for e in heard if e["type"] == "off_air")
    late = max((e.get("late_frames", 0) for e in heard if e["type"] == "health"), default=0)
    lost = sum(e.get("lost", 0) for e in heard if e["type"] == "off_air")
    # The items before a hard start are more than fit, so the last may have no room; that is no fault.
    unaired = [e for e in heard if e["type"] == "off_air" and e["status"] in ("failed", "skipped") and e["reason"] != "the next item's start came first"]
    ours = json.loads(subprocess.run([binary / "ts_check", ts], stdout=subprocess.PIPE, check=False).stdout)
    half = len(memory) // 2
    grown = min(memory[half:]) - min(memory[1:half]) if half > 1 else 0
    print(f"  frames made late {late}, lost {lost}; memory {min(memory[1:]):.1f} to {max(memory):.1f} MB" if memory[1:] else "")
    print(f"  {dict(states)}; troubles {[e['what'] for e in heard if e['type'] == 'trouble'][:3]}")
    print(f"  {ours['packets']} packets, {ours['continuity_errors']} continuity errors, PCR ≤ {ours['pcr_interval_ms']} ms, fails {ours['fails']}")
    fine = [judge("drift of PCR against the wall clock", max(abs(low - lows[0]) for low in lows) * 1000, frame, "ms"),
            judge(f"hard starts from their instants ({len(off)})", max(off), frame + 1, "ms"),
            judge("growth of the least memory, half to half", grown, 2, "MB"),
            judge("longest silence between datagrams", receiver.silence * 1000, frame, "ms"),
            judge("frames lost", lost, 0, ""),
            judge("items that could not air", len(unaired), 0, "")]
    return all(fine) and not ours["fails"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("profile", nargs="?", default="720p25", metavar="PROFILE")
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build/release/bin")
    parser.add_argument("--seconds", type=float, default=7200)
    parser.add_argument("--clips", type=pathlib.Path, help="a folder for clips and built segments, used again where they are there already")
    parser.add_argument("--keep", type=pathlib.Path, help="where what arrived is kept; 1.7 GB an hour")
    options = parser.parse_args()
    random.seed(5)
    binary = options.bin.resolve()
    with tempfile.TemporaryDirectory(prefix="riverlight-real-time-") as name:
        folder, heard = pathlib.Path(name), []
        media = [(clip, hours.rendition_of(built, options.profile)) for clip, built in hours.build(binary, options.clips or folder, hours.PROFILES)]
        begin = int(time.time()) + 10
        lines, starts = cues(media, begin, options.seconds)
        (folder / "cues").write_text("\n".join(lines) + "\n")
        ts = options.keep or folder / "arrived.ts"
        with open(ts, "wb", buffering=1 << 20) as keep:
            receiver = Receiver(keep)
            receiver.start()
            port = receiver.socket.getsockname()[1]
            print(f"{options.profile}, {options.seconds:.0f} s: {len(lines)} items, {len(starts)} hard starts", flush=True)
            with subprocess.Popen([binary / "riverlight-player", "--outlet", f"udp://127.0.0.1:{port}", "--profile", options.profile, "--until-drained",
                                   "--cues", folder / "cues"], stdout=subprocess.PIPE, text=True) as player:
                hearing = threading.Thread(target=lambda: heard.extend(json.loads(line) for line in player.stdout), daemon=True)
                hearing.start()
                memory = watch(player, options.seconds, receiver, heard)
                hearing.join(10)
            receiver.over.set()
            receiver.join(5)
        return 0 if report(binary, ts, receiver, heard, starts, memory) and player.returncode == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
