"""What the end-to-end tests share."""
import shutil
import socket
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


def free_port():
    """A UDP port on loopback that nothing uses now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


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
