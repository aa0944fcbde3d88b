"""The programs' man pages and completion say what their --help says.

  manual_test.py BIN: the programs' folder. Without mandoc, pages are not checked for errors; one line says so.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

BIN = pathlib.Path(sys.argv[1])
PROGRAMS = {"riverlight": 1, "riverlight-office": 8, "riverlight-player": 8, "riverlightd": 8}


def run(*words):
    return subprocess.run([str(w) for w in words], capture_output=True, text=True, timeout=60, check=True).stdout


def complete(program, *words):
    """What bash offers for the last of `words`."""
    script = run(BIN / program, "--print-bash-completion")
    function = "_" + program.replace("-", "_")
    line = " ".join(f"'{w}'" for w in (program, *words))
    ask = f"{script}\nCOMP_WORDS=({line}); COMP_CWORD={len(words)}; {function}; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    return run("bash", "-c", ask).split()


class Manual(unittest.TestCase):
    def test_every_option_of_help_is_in_the_man_page(self):
        for program, section in PROGRAMS.items():
            with self.subTest(program):
                page = run(BIN / program, "--print-man-page").replace("\\-", "-")
                self.assertTrue(page.startswith(f".TH {program.upper()} {section} "), page[:80])
                listing = run(BIN / program, "--help-all" if program.startswith("riverlight") and program in ("riverlight", "riverlight-office") else "--help")
                options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", "\n".join(re.findall(r"^ +(-\S.*?)(?:  |$)", listing, re.M))))
                self.assertGreater(len(options), 3, listing)
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

    def test_completion_knows_commands_options_and_values_that_start_with_a_letter(self):
        self.assertIn("channel", complete("riverlight", "ch"))
        self.assertIn("publish", complete("riverlight", "channel", ""))
        self.assertIn("--out", complete("riverlight", "segment", "build", "--o"))
        self.assertNotIn("publish", complete("riverlight", "segment", ""))
        self.assertIn("--config", complete("riverlightd", "--c"))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
