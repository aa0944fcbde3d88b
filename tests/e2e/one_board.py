"""Makes a small channel and runs one riverlightd that follows it."""
import json
import re
import shutil
import signal
import subprocess
import urllib.request

from support import author, build_segment, wait_for

PLACE = "kh-pp-01"


def run(*words, ok=True, seconds=60):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, timeout=seconds)
    if ok and done.returncode:
        raise AssertionError(f"{words} ended with {done.returncode}:\n{done.stdout[-1000:]}\n{done.stderr[-2000:]}")
    return done


def make_channel(programs, project, folder, segments, fillers, build=(), own_pictures=False, seconds=4):
    """Makes a signed channel in folder/tree and returns the tree. `segments` are built (with the extra arguments `build`) and cleared; the `fillers` among them air.
    They look the same and share their files, unless they have pictures of their own."""
    source, tree = folder / "source", folder / "tree"
    for name in segments:
        author(folder / "authored" / name, name, {"en": name, "km": name + " km"} if own_pictures else None, seconds)
        build_segment(programs, folder / "authored" / name, source / "segments" / name, *build)
    shutil.copytree(project / "tools/demo/countries/kh", source / "countries/kh")
    shutil.copy(project / "tools/demo/channel.toml", source)
    (source / "schedules").mkdir()
    (source / "schedules/mekong.toml").write_text(
        'format = 1\nname = "mekong"\n[[campaign]]\nid = "always"\ntitle = "Always"\n[[campaign.booking]]\n'
        f'id = "always-on"\nkind = "filler"\nsegments = {json.dumps(fillers)}\n')
    run(programs / "riverlight", "channel", "init", "--unprotected", "--keys", folder / "keys", "--countries", "kh", "--out", tree)
    publish(programs, folder)
    return tree


def publish(programs, folder):
    run(programs / "riverlight", "channel", "publish", "--source", folder / "source", "--keys", folder / "keys", "--out", folder / "tree")


def make_stick_with_new_release(programs, project, folder, old, new):
    """Makes a tree in folder/board-tree that airs segment `old`, and a stick in folder/stick with the next release, which airs `new`. Returns both paths."""
    tree = make_channel(programs, project, folder, [old, new], [old])
    shutil.copytree(tree, folder / "board-tree")
    schedule = folder / "source/schedules/mekong.toml"
    schedule.write_text(schedule.read_text().replace(old, new))
    publish(programs, folder)
    stick = folder / "stick"
    stick.mkdir()
    run(programs / "riverlight", "carry", "out", "--channel", tree, "--to", stick, "--place", PLACE)
    return folder / "board-tree", stick


def write_settings(path, state, tree, extra="", outlets='[[outlet]]\nid = "screen"\nspec = "null"\n'):
    """Writes riverlightd.toml; `extra` holds further tables."""
    path.write_text(f'''format = 1
state = "{state}"
[channel]
url = "file://{tree}"
root = "{tree}/metadata/1.root.json"
check_s = 5
[place]
id = "{PLACE}"
{outlets}
[status]
listen = "127.0.0.1:0"
{extra}
''')
    return path


class Board:
    """A running riverlightd and its status page; the port may change when it restarts."""

    def __init__(self, words, log):
        self.log, self.out = log, open(log, "ab")
        self.before = log.stat().st_size
        self.process = subprocess.Popen([str(w) for w in words], stdout=self.out, stderr=self.out)
        wait_for("the status page", self.port)

    def log_text(self):
        return self.log.read_bytes()[self.before:].decode(errors="replace")

    def port(self):
        found = re.findall(r"status page on port (\d+)", self.log_text())
        if self.process.poll() is not None:
            raise AssertionError(f"riverlightd ended with {self.process.returncode}: {self.log_text()[-2000:]}")
        return int(found[-1]) if found else None

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port()}{path}", timeout=5) as answer:
            return answer.read().decode(errors="replace")

    def status(self):
        """The current status; empty while riverlightd restarts."""
        try:
            return json.loads(self.get("/v1/status"))
        except OSError:
            return None

    def mode(self):
        return wait_for("the status", self.status)["mode"]

    def on_air(self):
        status = self.status()
        return status and status["outlets"][0]["on_air"]

    def alarms(self):
        return " ".join((self.status() or {}).get("alarms", []))

    def kill(self):
        self.process.kill()
        self.process.wait(10)
        self.out.close()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)
        self.out.close()
        return self.process.returncode


def records(programs, state):
    lines = run(programs / "riverlight", "journal", "show", state, "--json", "--count", 1_000_000).stdout.splitlines()
    return [json.loads(line) for line in lines]
