"""What the end-to-end tests share."""
import fcntl
import hashlib
import os
import pathlib
import random
import shutil
import socket
import subprocess
import time

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
except ImportError:
    webdriver = None


def browser_of(test, folder):
    """Headless Chromium with its profile in `folder`, closed when the test ends; skips the test if there is no Chromium."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (webdriver and chromium and driver):
        test.skipTest("no Chromium, its driver or python3-selenium: the pages were not tested in a browser")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for word in ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder}/chromium"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(service=Service(driver), options=options)
    test.addCleanup(browser.quit)
    return browser


def author(folder, segment, titles=None, seconds=4, strap=True):
    """Writes the source of a segment with one card that shows its title, in each locale of `titles`; `strap` adds a strap and a hotline number."""
    titles = titles or {"en": "Title", "km": "Title"}
    for locale, title in titles.items():
        (folder / locale).mkdir(parents=True)
        (folder / locale / "strings.toml").write_text(f'title = "{title}"\n' + ('strap = "Call"\nhotline = "000"\n' if strap else ""))
    (folder / "segment.toml").write_text(f'format = 1\nid = "{segment}"\nfallback = "en"\n')
    (folder / "cards.toml").write_text(f'[[card]]\nseconds = {seconds}\nheading = "title"\n')


def fixture(programs, *inputs):
    """Where the tests of a build tree share what is made of `inputs` (folders, files and words) by these programs. Make it elsewhere and rename it, so that it is
    there whole or not at all; copy it, and never change it."""
    sha = hashlib.sha256((programs / "riverlight").read_bytes())
    for one in inputs:
        paths = sorted(p for p in one.rglob("*") if p.is_file()) if isinstance(one, pathlib.Path) and one.is_dir() else [one]
        for path in paths:
            name, content = (path.relative_to(one.parent), path.read_bytes()) if isinstance(path, pathlib.Path) else ("", str(path).encode())
            sha.update(f"{name} {len(content)} ".encode() + content)
    folder = programs.parent / "fixtures" / sha.hexdigest()
    folder.parent.mkdir(exist_ok=True)
    return folder


def build_segment(programs, authored, out, *options):
    """Builds the segment in `authored` into `out`, or copies what another test built from the same source."""
    kept = fixture(programs, authored, *options)
    with open(kept.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a test that needs it meanwhile waits for it
        if not kept.exists():
            part = kept.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            done = subprocess.run([programs / "riverlight", "segment", "build", authored, "--out", part, *options], capture_output=True, text=True, timeout=300)
            if done.returncode:
                raise AssertionError(f"segment build {authored} ended with {done.returncode}:\n{done.stdout[-1000:]}\n{done.stderr[-2000:]}")
            part.rename(kept)
    shutil.copytree(kept, out)


def free_port():
    """A UDP port on loopback that nothing uses now, below those that the kernel gives to other sockets meanwhile."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            try:
                s.bind(("127.0.0.1", random.randrange(10000, 32700)))
                return s.getsockname()[1]
            except OSError:
                continue


def udp_queues():
    """Unread bytes in this machine's bound UDP sockets, by local port."""
    waiting = {}
    for table in ("/proc/net/udp", "/proc/net/udp6"):
        for line in open(table).read().splitlines()[1:]:
            words = line.split()
            port = int(words[1].rsplit(":", 1)[1], 16)
            waiting[port] = waiting.get(port, 0) + int(words[4].split(":")[1], 16)
    return waiting


def wait_for(what, probe, seconds=30.0):
    """Calls `probe` until it returns something true and returns that; raises AssertionError naming `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = probe()
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError(f"{what} did not come within {seconds} s")


def waited_for_processor(pid):
    """Seconds that a process waited for a processor so far, by the thread that waited longest (/proc/PID/task/*/schedstat, second field)."""
    longest = 0
    for thread in pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            longest = max(longest, int(thread.read_text().split()[1]))
        except OSError:  # it ended
            continue
    return longest / 1e9


class OwnTime:
    """Counts the seconds that a board needs by itself: those since now, less what this test and the board's processes waited for a processor. On
    a machine with nothing else to do these are the same; on a busy one a limit holds the board to what it does, not to what others do."""

    def __init__(self, *pids):
        self.before = {pid: waited_for_processor(pid) for pid in (os.getpid(), *pids)}
        self.latest = dict(self.before)
        self.began = time.monotonic()

    def waited(self, *started):
        """What this test, the processes known from the beginning, and those `started` since waited for a processor. One that has ended counts as of the last call."""
        for pid, latest in self.latest.items():
            self.latest[pid] = max(latest, waited_for_processor(pid))
        return sum(self.latest.values()) - sum(self.before.values()) + sum(waited_for_processor(pid) for pid in started)

    def passed(self, *started):
        return time.monotonic() - self.began - self.waited(*started)
