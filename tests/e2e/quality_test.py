"""The quality gate's page, as a person opens it: `riverlight segment check --report` in headless Chromium.

  quality_test.py BIN [ARTEFACTS]
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from support import browser_of

BIN = pathlib.Path(sys.argv[1]).resolve()
ARTEFACTS = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.gettempdir()).resolve()
TITLE = "<script>document.title='taken'</script>"


def check(source, *words):
    return subprocess.run([BIN / "riverlight", "segment", "check", source, *words], capture_output=True, text=True, timeout=120)


class Quality(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-quality-"))
        cls.source = cls.folder / "spot"
        for locale, title, words in (("en", TITLE, "Everyone has the right to work."), ("km", "មាត្រា ២៣", "មនុស្សគ្រប់រូប មានសិទ្ធិធ្វើការងារ")):
            (cls.source / locale).mkdir(parents=True)
            (cls.source / locale / "strings.toml").write_text(f'title = "{title}"\nstrap = "{words}"\nhotline = "000 000 000"\n[text]\nfirst = "{words}"\n')
            (cls.source / locale / "subtitles.srt").write_text(f"1\n00:00:00,500 --> 00:00:02,000\n{words}\n\n2\n00:00:02,040 --> 00:00:03,500\n{words}\n")
        (cls.source / "segment.toml").write_text('format = 1\nid = "spot"\nfallback = "en"\n')
        (cls.source / "cards.toml").write_text('[[card]]\nseconds = 2\nheading = "first"\n[[card]]\nseconds = 2\nheading = "first"\n')
        # Sound with a varied level: loud, soft, silent and loud again.
        sound = "aevalsrc='sin(440*2*PI*t)*if(lt(t,1),0.02,if(lt(t,2.5),0.3,0.05))':s=48000:d=4"
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", sound, "-ac", "2", cls.source / "km/sound.wav"], check=True, timeout=60)
        cls.report = cls.folder / "report.html"

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def test_1_check_writes_the_report_and_names_the_findings_that_stop_a_build(self):
        done = check(self.source, "--report", self.report, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        said = json.loads(done.stdout)
        self.assertTrue(said["accepted"])
        self.assertEqual([f["from_ms"] for f in said["findings"] if "flicker" in f["what"]], [2000, 2000])
        self.assertEqual(said["locales"]["km"]["sound"]["length_ms"], 4000)
        self.assertGreater(self.report.stat().st_size, 20_000)
        refused = check(self.source, "--expect", "km,th", "--report", self.folder / "refused.html")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("refused: th: is a language that is needed", refused.stdout)
        self.assertIn("refused.html", refused.stderr)
        self.assertIn("Refused: 1 finding stops a build.", (self.folder / "refused.html").read_text())

    def test_2_an_unwritable_report_is_an_error(self):
        done = check(self.source, "--report", self.folder / "nowhere/report.html")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("nowhere/report.html", done.stderr)

    def test_3_the_page_in_a_browser(self):
        browser = browser_of(self, self.folder)
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        self.assertEqual(check(self.source, "--report", self.report).returncode, 0)
        browser.get(self.report.as_uri())
        self.assertEqual(browser.title, TITLE + " · quality report", "what the source says is text")
        for width in (1100, 390, 360):
            browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", dict(width=width, height=900, deviceScaleFactor=1, mobile=False))
            height = browser.execute_script("return document.documentElement.scrollHeight")
            browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", dict(width=width, height=height, deviceScaleFactor=1, mobile=False))
            browser.save_screenshot(str(ARTEFACTS / f"quality-{width}.png"))
            self.assertLessEqual(browser.execute_script("return document.documentElement.scrollWidth"), width, f"needs sideways scrolling at {width} px")
        look = browser.execute_script("""return {scripts: document.scripts.length, unnamed: [...document.images].filter(i => !i.alt).length,
            broken: [...document.images].filter(i => !i.naturalWidth).length, images: document.images.length,
            described: !!document.querySelector('svg title') && !!document.querySelector('svg desc')}""")
        self.assertEqual(look, dict(scripts=0, unnamed=0, broken=0, images=2 + 2 + 2, described=True))
        self.assertEqual([entry["message"] for entry in browser.get_log("browser")], [], "nothing was fetched or refused")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
