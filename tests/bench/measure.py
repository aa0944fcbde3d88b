"""Shared by all parts of the bench: running commands, processor time, result lines."""
import os
import pathlib
import resource
import subprocess
import time

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


def cpu_seconds(pid):
    words = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def time_command(*words):
    began = time.monotonic()
    run(*words)
    return time.monotonic() - began
