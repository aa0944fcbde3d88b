"""tools/check_reports finds what it promises, in a small tree of its own, and nothing in this one.

  check_reports_test.py CHECK_REPORTS
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(sys.argv[1]).resolve()
FILE = "tests/integration/reports/a_test.cpp"
ROWS = {"a_1": "a/b#1", "c": "beside a 1"}


class CheckReports(unittest.TestCase):
    def found(self, rows, test='TEST_F(A, a_1) {}\n    {"c", "input"},\n'):
        """How many breaks the check prints."""
        with tempfile.TemporaryDirectory(prefix="riverlight-reports-") as folder:
            for name, text in ((FILE, test), ("tests/data/README.md", "| report | symptom |\n|---|---|\n" + "".join(rows))):
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            done = subprocess.run([CHECK, folder], capture_output=True, text=True, timeout=60)
            lines = done.stdout.splitlines()
            self.assertEqual(done.returncode, 1 if lines else 0, done.stderr)
            return len(lines)

    def rows(self, table):
        return [f"| {report} | symptom | input | right | `{FILE}`: `{name}` |\n" for name, report in table.items()]

    def test_a_whole_table_is_taken(self):
        self.assertEqual(self.found(self.rows(ROWS)), 0)

    def test_every_test_has_a_row(self):
        self.assertEqual(self.found(self.rows({"a_1": "a/b#1"})), 1)
        self.assertEqual(self.found(self.rows({"c": "a/b#1"})), 1)

    def test_every_row_has_its_test_once(self):
        self.assertEqual(self.found(self.rows(ROWS | {"d": "a/b#2"})), 1)
        self.assertEqual(self.found(self.rows(ROWS) + self.rows({"c": "a/b#2"})), 1)

    def test_every_row_has_a_report_and_all_its_cells(self):
        self.assertEqual(self.found(self.rows(ROWS | {"c": "somebody"})), 2, "the row, and the test without one")
        self.assertEqual(self.found(self.rows(ROWS) + ["| a/b#3 | symptom |\n"]), 1)

    def test_this_tree_is_whole(self):
        done = subprocess.run([CHECK], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (0, ""))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
