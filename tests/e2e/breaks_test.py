"""Compares our line breaks with those that Chromium allows in the same text.

  breaks_test.py BIN SOURCE                     the committed prose, as a test
  breaks_test.py BIN SOURCE --text FILE…        any prose, one paragraph per line, in a file named after its locale (km.txt, x@kkh-Lana.txt)

In a block one pixel wide, Chromium breaks at every allowed place: a letter lower than the one before it begins a line.
`riverlight text render` gives our lines at the sizes viewers see, balanced and filled, and in narrow boxes.
"""
import argparse
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

# The least share of our breaks that Chromium must allow. Its Khmer dictionary is newer than that of Debian's ICU.
LEAST = collections.defaultdict(lambda: 0.99, km=0.88)
CONFIGURATIONS = [["--size", size, *more] for size in ("1920x1080", "1280x720", "1080x1920", "720x576") for more in ([], ["--no-balance"])] + [
    ["--size", "1920x1080", "--px", str(px), "--width", str(width), "--no-balance"] for px, width in ((40, 500), (40, 800), (60, 1100))]
# The languages of the six countries, and one for each breaking rule: spaces, dots, syllables, both directions.
COMMITTED = ["km", "lo", "my", "shn", "mnw", "th", "vi", "zh-Hans", "za", "hmn", "en", "ja", "ko", "ar", "ug", "bo", "ii", "jv-Java", "kkh-Lana", "blt", "hi"]
BLANKS = " \u200b\u3000\u00ad"

HARVEST = r"""
const [locale, paragraphs] = arguments, range = document.createRange();
return paragraphs.map(text => {
  const p = document.createElement('p');
  p.lang = locale;
  p.dir = 'auto';
  p.style.cssText = 'width:1px;font:20px "Noto Sans";line-height:60px;margin:0';
  p.textContent = text;
  document.body.replaceChildren(p);
  const starts = [];
  let last = null;
  for (let i = 0; i < text.length; ++i) {
    if (/[ \u200b\u3000]/.test(text[i])) continue;
    range.setStart(p.firstChild, i);
    range.setEnd(p.firstChild, i + 1);
    const tops = Array.from(range.getClientRects(), r => r.top);
    if (!tops.length) continue;
    const top = Math.max(...tops);
    if (last !== null && top > last + 20) starts.push(i);
    last = top;
  }
  return starts;
});
"""


def browser(profile):
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--user-data-dir={profile}"):
        options.add_argument(word)
    return webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))


def chromium_breaks(files):
    """For each paragraph of each file: the offsets at which Chromium can begin a line (UTF-16 units)."""
    with tempfile.TemporaryDirectory() as profile:
        page = browser(profile)
        try:
            page.get("data:text/html,<meta charset=utf-8><body></body>")
            return {path: page.execute_script(HARVEST, locale_of(path), paragraphs_of(path)) for path in files}
        finally:
            page.quit()


def locale_of(path):
    return path.stem.split("@")[-1]


def paragraphs_of(path):
    return [line for line in path.read_text().split("\n") if line.strip()]


def units(text):
    return len(text.encode("utf-16-le")) // 2


def line_starts(paragraphs, lines):
    """The offsets at which our lines begin in each paragraph, without its first line; and whether the lines hold all of the text."""
    lines = collections.deque(lines)
    for text in paragraphs:
        at, starts = 0, []
        while lines and text[at:].strip(BLANKS):
            found = text.find(lines[0], at)
            if found < 0 or text[at:found].strip(BLANKS):
                break
            if at:
                starts.append(units(text[:found]))
            at = found + len(lines.popleft())
        yield starts, not text[at:].strip(BLANKS)


def compare(program, path, allowed):
    """Counts our breaks that Chromium allows and those it does not, with examples of the latter."""
    good, bad, odd = 0, 0, collections.Counter()
    paragraphs = paragraphs_of(path)
    for words in CONFIGURATIONS:
        done = subprocess.run([program, "text", "render", "--locale", locale_of(path), "--text", path, "--json", *words], capture_output=True, text=True)
        assert done.returncode == 0, f"{path.name} {' '.join(words)}: {done.stderr}"
        told = json.loads(done.stdout)
        assert not told["missing"] and not told["outside"], (path.name, words, told["missing"])
        for text, (starts, whole), may in zip(paragraphs, line_starts(paragraphs, told["lines"]), allowed):
            assert whole, f"{path.name} {' '.join(words)}: not all of {text!r} is in the lines"
            for start in starts:
                if start in may:
                    good += 1
                    continue
                bad += 1
                raw = text.encode("utf-16-le")
                odd[raw[max(0, start - 8) * 2:start * 2].decode("utf-16-le", "replace") + "|" + raw[start * 2:start * 2 + 16].decode("utf-16-le", "replace")] += 1
    return good, bad, odd


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin", type=pathlib.Path)
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("--text", type=pathlib.Path, nargs="+")
    options = parser.parse_args()
    files = options.text or [options.source / "tests/data/text" / f"{locale}.txt" for locale in COMMITTED]
    short = []
    for path, allowed in chromium_breaks(files).items():
        assert any(allowed), f"{path}: Chromium gave no line breaks"
        good, bad, odd = compare(options.bin / "riverlight", path, allowed)
        share, least = good / max(1, good + bad), LEAST[locale_of(path)]
        print(f"{path.stem:16} {100 * share:6.2f} % of {good + bad:5} breaks (least {100 * least:g} %)  {dict(odd.most_common(4)) if bad else ''}", flush=True)
        if share < least:
            short.append(path.stem)
    if short:
        sys.exit("too many breaks that Chromium does not allow: " + ", ".join(short))


if __name__ == "__main__":
    main()
