"""Man pages and shell completion agree with --help.

  manual_test.py BIN: the programs' folder. Without mandoc, the test of the pages' form skips.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

BIN = pathlib.Path(sys.argv[1])
PROGRAMS = {"riverlight": 1, "riverlight-fleet": 1, "riverlight-office": 8, "riverlight-player": 8, "riverlight-slots": 8, "riverlight-update": 8, "riverlightd": 8}


def run(*words):
    return subprocess.run([str(w) for w in words], capture_output=True, text=True, timeout=60, check=True).stdout


def complete(program, *words):
    """The completions bash offers for the last of `words`."""
    script = run(BIN / program, "--print-bash-completion")
    function = "_" + program.replace("-", "_")
    line = " ".join(f"'{w}'" for w in (program, *words))
    ask = f"{script}\nCOMP_WORDS=({line}); COMP_CWORD={len(words)}; {function}; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    return run("bash", "-c", ask).split()


class Manual(unittest.TestCase):
    def test_the_man_page_has_every_option_of_help(self):
        for program, section in PROGRAMS.items():
            with self.subTest(program):
                page = run(BIN / program, "--print-man-page").replace("\\-", "-")
                self.assertTrue(page.startswith(f".TH {program.upper()} {section} "), page[:80])
                listing = run(BIN / program, "--help-all" if PROGRAMS[program] == 1 else "--help")
                options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", "\n".join(re.findall(r"^ +(-\S.*?)(?:  |$)", listing, re.M))))
                self.assertGreater(len(options), 1, listing)
                self.assertEqual({o for o in options if o not in page}, set())
                self.assertNotIn("--print-man-page", listing)

    def test_pages_are_well_formed(self):
        if not shutil.which("mandoc"):
            self.skipTest("no mandoc: the man pages were not checked")
        for program in PROGRAMS:
            with self.subTest(program):
                page = run(BIN / program, "--print-man-page")
                lint = subprocess.run(["mandoc", "-T", "lint", "-W", "error"], input=page, capture_output=True, text=True, timeout=60)
                self.assertEqual((lint.returncode, lint.stdout), (0, ""))

    def test_completion_offers_commands_options_and_values(self):
        self.assertIn("channel", complete("riverlight", "ch"))
        self.assertIn("publish", complete("riverlight", "channel", ""))
        self.assertIn("--out", complete("riverlight", "segment", "build", "--o"))
        self.assertNotIn("publish", complete("riverlight", "segment", ""))
        self.assertIn("--config", complete("riverlightd", "--c"))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
