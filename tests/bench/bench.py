"""What Riverlight costs, as ratios against a peer or a limit, measured in one run.

  bench.py BIN SOURCE [joins] [splice] [feeds] [text] [gate] [memory] [screen] [start] [daemon] [kills] [sync] [gaps] [withdraw] [pages] [--clips FOLDER]

joins   CPU of `riverlight play` to a 720p25 feed against FFmpeg's concat filter doing the same; pairs, in turn
splice  CPU of a feed spliced from renditions against FFmpeg copying the same packets, and encoding the same clips
feeds   30 spliced feeds at once to UDP on this machine: gaps between datagrams as the kernel saw them come, memory of each
text    CPU of a player of a minute of 1080p25 with Burmese subtitles and a strap against FFmpeg's CLI, and mpv where it is installed, that burn the same
        subtitles and a picture as large
gate    CPU of `riverlight segment check --report` of a 1080p25 video against FFmpeg decoding the same file
memory  of a player over 1,000 joins
screen  memory of a player that shows 1080p25 with subtitles and a strap
start   from the player's start to its first frame, against mpv where it is installed
daemon  CPU of riverlightd beside its player
kills   200 × kill -9 of the daemon while it journals and reports: nothing receipted is lost, nothing counts twice
gaps    kill -9 of players and daemons (--kills, on four boards): silence of the feed, airings called aired without their frames, or twice
withdraw  from the publication of a withdrawal until it is in force, while media arrive at 100 B/s
pages   a board's page while 2,000 connections do nothing
sync    a download with its hash against curl's own of the same bytes; what a reset at every hundredth costs; verifying the metadata of a large channel
"""
import argparse
import pathlib
import sys
import tempfile

from feeds import bench_feeds, bench_joins, bench_splice
from players import bench_gate, bench_memory, bench_screen, bench_start, bench_text
from faults import bench_gaps, bench_pages, bench_withdraw
from boards import bench_daemon, bench_kills, bench_sync


class Bench:
    def __init__(self, options, folder):
        self.options, self.bin, self.source, self.folder = options, options.bin.resolve(), options.source.resolve(), folder


def main():
    parts = dict(joins=bench_joins, splice=bench_splice, feeds=bench_feeds, text=bench_text, gate=bench_gate, memory=bench_memory, screen=bench_screen, start=bench_start, daemon=bench_daemon, kills=bench_kills, sync=bench_sync,
                 gaps=bench_gaps, withdraw=bench_withdraw, pages=bench_pages)
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
