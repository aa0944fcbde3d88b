"""tools/check_cases finds what it promises, in a small repository of its own, and nothing in this one.

  check_cases_test.py CHECK_CASES
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(sys.argv[1]).resolve()
TEST = "TEST(A, case_01_a) {}\nTEST(A, case_02_03_b) {}\nTEST(A, Case04C) {}\nTEST(A, case_29_and_84_d) {}\nTEST(A, case_81_1_e) {}\n"
NAMED = {1: "case_01_a", 2: "case_02_03_b", 3: "case_02_03_b", 4: "Case04C", 29: "case_29_and_84_d", 81: "case_81_1_e", 84: "case_29_and_84_d"}


class CheckCases(unittest.TestCase):
    def rows(self):
        rows = {case: "Not tested here: it needs another machine." for case in range(1, 88)}
        return rows | {case: f"`tests/a.cpp`: `{name}`" for case, name in NAMED.items()}

    def found(self, rows, test=TEST):
        """How many breaks the check prints."""
        with tempfile.TemporaryDirectory(prefix="riverlight-cases-") as folder:
            subprocess.run(["git", "init", "-q", folder], check=True, timeout=60)
            tests = pathlib.Path(folder, "tests")
            tests.mkdir()
            (tests / "a.cpp").write_text(test)
            (tests / "cases.md").write_text("".join(f"| {case} | what | must | {proof} |\n" for case, proof in rows.items()))
            done = subprocess.run([CHECK, folder], capture_output=True, text=True, timeout=60)
            lines = done.stdout.splitlines()
            self.assertEqual(done.returncode, 1 if lines else 0, done.stderr)
            return len(lines)

    def test_a_whole_table_is_taken(self):
        self.assertEqual(self.found(self.rows()), 0)

    def test_every_case_has_a_row(self):
        rows = self.rows()
        del rows[50]
        self.assertEqual(self.found(rows), 1)

    def test_a_row_has_a_test_or_a_reason(self):
        for proof in ("", "some day", "Not tested here: no.", "`case_01_a`"):
            self.assertEqual(self.found(self.rows() | {1: proof}), 1, proof)

    def test_the_test_is_there_and_carries_the_number(self):
        for proof in ("`tests/b.cpp`: `case_01_a`", "`tests/a.cpp`: `case_01_b`", "`tests/a.cpp`: `case_01`", "`tests/a.cpp`: `case_02_03_b`"):
            self.assertEqual(self.found(self.rows() | {1: proof}), 1, proof)

    def test_every_numbered_test_has_a_row(self):
        rows = self.rows()
        del rows[4]
        self.assertEqual(self.found(rows), 2, "the row, and the test")
        self.assertEqual(self.found(self.rows(), TEST + "TEST(A, case_88_f) {}\n"), 1)

    def test_this_repository_is_whole(self):
        done = subprocess.run([CHECK], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (0, ""))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
