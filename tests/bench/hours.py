#!/usr/bin/env python3
"""An hour of mixed joins in each profile, as fast as it goes, before two monitors.

  tests/bench/hours.py [--bin build/release/bin] [--seconds 3600] [--clips FOLDER] [--monitor TSCHECK.py] [PROFILE ...]

Renditions of five clips that differ in size, rate and codec follow each other in an order of chance; every twelfth item is a clip without a
rendition, which goes through the encoder, or is cut short, so that every kind of join comes hundreds of times. The file is read by `ts_check`,
the tests' own monitor, and, where one is named, by another that takes a file and prints JSON with `fails`, `packets` and `continuity_errors`.
Exit 1 where either finds a fault or they do not agree.
"""
import argparse
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/bench"))
import feeds  # noqa: E402
import measure  # noqa: E402

PROFILES = ["720p25", "720p50", "1080i25", "576i25"]


def build(binary, folder, profiles):
    """(clip, built segment) of five clips, with a rendition for each profile; existing files are reused."""
    names = [folder / name for name in ("a.mp4", "b.mp4", "c.mpg", "d.mp4", "e.mp4")]
    if not all(name.exists() for name in names):
        feeds.make_clips(folder)
    for i, clip in enumerate(names):
        source, built = folder / f"segment-{i}", folder / f"built-{i}"
        if built.exists():
            continue
        (source / "en").mkdir(parents=True)
        (source / "en/strings.toml").write_text('title = "Title"\n')
        (source / "segment.toml").write_text(f'format = 1\nid = "segment-{i}"\nfallback = "en"\npicture = "{clip.name}"\n')
        shutil.copy(clip, source)
        measure.run(binary / "riverlight", "segment", "build", source, "--out", built, *[word for p in profiles for word in ("--profile", p)])
    return [(clip, folder / f"built-{i}") for i, clip in enumerate(names)]


def rendition_of(built, profile):
    manifest = json.loads((built / "segment.json").read_text())
    return built / f"media/{manifest['locales']['en']['renditions'][profile]}.mp4"


def cues(media, seconds):
    """Cues for `seconds` of feed."""
    lines, left = [], seconds
    while left > 0:
        clip, rendition = random.choice(media)
        cue, kind = dict(type="cue", airing=f"a{len(lines)}", locale="en", picture=str(clip)), len(lines) % 12
        length = 8.0
        if kind != 5:
            cue["rendition"] = dict(path=str(rendition), parameters="")
        if kind in (5, 9):  # encoded, or cut short
            length = random.randint(20, 100) * 0.04
            cue["duration_ms"] = round(length * 1000)
        lines.append(json.dumps(cue))
        left -= length
    return lines


def check(binary, folder, media, profile, seconds, monitor):
    media = [(clip, rendition_of(built, profile)) for clip, built in media]
    told = cues(media, seconds)
    (folder / "cues").write_text("\n".join(told) + "\n")
    begun, ts = time.monotonic(), folder / "hour.ts"
    events = measure.run(binary / "riverlight-player", "--outlet", f"file:{ts}", "--profile", profile, "--fast", "--until-drained", "--cues", folder / "cues")
    ended = [json.loads(e) for e in events.splitlines() if '"off_air"' in e]
    bad = [e for e in ended if e["status"] not in ("aired", "truncated")]
    made = time.monotonic() - begun
    ours = json.loads(subprocess.run([binary / "ts_check", ts], stdout=subprocess.PIPE, check=False).stdout)
    print(f"{profile}: {len(ended)} items, {ours['seconds']:.0f} s of feed made in {made:.0f} s, {ours['packets']} packets; ours: PCR ≤ {ours['pcr_interval_ms']} ms, "
          f"±{ours['pcr_accuracy_ns']} ns, picture gap {ours['stream_257']['gap_ms']} ms, margin {ours['stream_257']['margin_ms']} ms; fails {ours['fails']}", flush=True)
    fine = not ours["fails"] and not bad and len(ended) == len(told)
    if bad:
        print(f"  not aired: {bad[:3]}")
    if monitor:
        theirs = json.loads(measure.run("/usr/bin/python3", monitor, ts))
        agree = all(theirs[k] == ours[k] for k in ("packets", "continuity_errors", "sync_errors")) and bool(theirs["fails"]) == bool(ours["fails"])
        print(f"  {pathlib.Path(monitor).name}: fails {theirs['fails']}, PCR ≤ {theirs['pcr_interval_max_ms']} ms, ±{theirs['pcr_accuracy_max_ns']} ns; "
              f"{'agrees' if agree else 'DOES NOT AGREE'}", flush=True)
        fine &= agree and not theirs["fails"]
    return fine


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("profiles", nargs="*", default=PROFILES, metavar="PROFILE")
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build/release/bin")
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--clips", type=pathlib.Path, help="a folder for clips and built segments, used again where they are there already")
    parser.add_argument("--monitor", help="another monitor of transport streams, a Python program")
    options = parser.parse_args()
    random.seed(5)
    fine = True
    with tempfile.TemporaryDirectory(prefix="riverlight-hours-") as folder:
        clips = options.clips or pathlib.Path(folder)
        media = build(options.bin.resolve(), clips, options.profiles)
        for profile in options.profiles:
            fine &= check(options.bin.resolve(), pathlib.Path(folder), media, profile, options.seconds, options.monitor)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
