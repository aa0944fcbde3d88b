#!/usr/bin/env python3
"""Every file of a board's state folder, damaged in every way: whether the right programme is on its outlet within 10 s, and how many airings survive.

  tests/bench/damage.py [--bin build/release/bin] [--kinds bit,cut,empty,gone,folder] [--channel reachable,unreachable] [--files PART] [--at-once 2]

A board takes a release, then the next one, and plays some airings of it, which no office gets. Each trial damages one file of a copy of its state folder, starts
riverlightd there, waits until a segment of the newest release is on, and counts which of the airings are still in the journal, by their hashes. Prints a row for
each kind of file and of damage, and each trial in which another programme was on or more than a tenth of the airings was lost. Exit 1 if the wrong programme
was on anywhere.
"""
import argparse
import collections
import concurrent.futures
import pathlib
import re
import shutil
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))
import one_board  # noqa: E402
from support import wait_for  # noqa: E402

OLD, NEW, OTHER = "fair-work", "free-movement", "no-fees"
LIMIT = 10
KINDS = {
    "bit": lambda path: bend(path),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:path.stat().st_size // 2]),
    "empty": lambda path: path.write_bytes(b""),
    "gone": lambda path: path.unlink(),
    "folder": lambda path: (path.unlink(), path.mkdir(), (path / "more").mkdir()),
}


def bend(path):
    data = bytearray(path.read_bytes())
    if data:
        data[len(data) // 2] ^= 1
    path.write_bytes(data)


def hashes(programs, state):
    """The airings of a journal: their hashes, also those that they had in the journal before it."""
    try:
        return {h for r in one_board.records(programs, state) for h in (r["hash"], r["evidence"].get("journal_before")) if h}
    except AssertionError:
        return set()


def prepare(programs, folder):
    """A state folder with two releases and some airings; the channel's tree."""
    tree = one_board.make_channel(programs, ROOT, folder, [OLD, NEW, OTHER], [OLD], own_pictures=True)
    config = one_board.write_settings(folder / "base.toml", folder / "base", tree, '[safe_mode]\nlasts_s = 5\n')
    board = one_board.Board([programs / "riverlightd", "--config", config], folder / "base.log")
    on = lambda names: (board.on_air() or {}).get("segment") in names
    wait_for("the first release", lambda: on([OLD]), 60)
    schedule = folder / "source/schedules/mekong.toml"
    schedule.write_text(schedule.read_text().replace(f'"{OLD}"', f'"{NEW}", "{OTHER}"'))
    one_board.publish(programs, folder)
    wait_for("the second release", lambda: on([NEW, OTHER]), 60)
    wait_for("some airings", lambda: (board.status() or {}).get("journal", 0) >= 8, 90)
    time.sleep(12)  # two more visits, which read the store back
    board.stop()
    return tree


def trial(programs, folder, tree, file, kind, channel):
    name = re.sub(r"\W+", "-", f"{file}-{kind}-{channel}")[-100:]
    state = folder / name
    shutil.copytree(folder / "base", state)
    before = hashes(programs, state)
    KINDS[kind](state / file)
    config = one_board.write_settings(folder / f"{name}.toml", state, tree)
    if channel == "unreachable":
        config.write_text(re.sub(r'url = "file://[^"]*"', 'url = "http://127.0.0.1:1"', config.read_text()))
    began, took, said = time.monotonic(), None, ""
    board = None
    try:
        board = one_board.Board([programs / "riverlightd", "--config", config], folder / f"{name}.log")
        while took is None and time.monotonic() < began + LIMIT:
            if (board.on_air() or {}).get("segment") in (NEW, OTHER):
                took = time.monotonic() - began
            time.sleep(0.05)
        time.sleep(2)  # what a file set aside still holds is copied meanwhile
        said = board.alarms()
    except AssertionError as fault:
        said = str(fault)
    finally:
        if board:
            board.stop()
    kept = len(before & hashes(programs, state))
    shutil.rmtree(state, ignore_errors=True)
    return took, kept, len(before), said


def kind_of(file):
    """`store/targets/<sha256>` → `store/targets/…`"""
    return re.sub(r"[0-9a-f]{64}.*$", "…", file)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--bin", type=pathlib.Path, default=ROOT / "build/release/bin")
    options.add_argument("--kinds", default=",".join(KINDS))
    options.add_argument("--channel", default="reachable,unreachable")
    options.add_argument("--files", default="", help="only files with this in their path")
    options.add_argument("--at-once", type=int, default=2)
    o = options.parse_args()
    programs = o.bin.resolve()
    with tempfile.TemporaryDirectory(prefix="riverlight-damage-") as work:
        folder = pathlib.Path(work)
        tree = prepare(programs, folder)
        files = sorted(str(p.relative_to(folder / "base")) for p in (folder / "base").rglob("*") if p.is_file() and not p.is_symlink() and o.files in str(p.relative_to(folder / "base")))
        rows, wrong = collections.defaultdict(list), 0
        with concurrent.futures.ThreadPoolExecutor(o.at_once) as pool:
            trials = {pool.submit(trial, programs, folder, tree, f, k, c): (f, k, c) for f in files for k in o.kinds.split(",") for c in o.channel.split(",")}
            for done in concurrent.futures.as_completed(trials):
                (file, kind, channel), (took, kept, had, said) = trials[done], done.result()
                rows[kind_of(file), kind].append((took, kept, had))
                wrong += took is None
                if took is None or kept < 0.9 * had:
                    print(f"{file}, {kind}, {channel}: on after {took and round(took, 1)} s, {kept} of {had} airings; says {said[:300]}", flush=True)
        print("\n| file | damage | trials | right programme | slowest | airings kept |\n|---|---|---|---|---|---|")
        for (file, kind), results in sorted(rows.items()):
            on = [t for t, _, _ in results if t is not None]
            print(f"| `{file}` | {kind} | {len(results)} | {len(on)} | {max(on, default=0):.1f} s | {min(k for _, k, _ in results)} of {max(h for _, _, h in results)} |")
        total = sum(map(len, rows.values()))
        print(f"\n{total} trials, {total - wrong} with the right programme within {LIMIT} s")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
