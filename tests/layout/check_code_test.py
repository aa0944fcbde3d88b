"""tools/check_code finds what it promises, in a small repository of its own.

  check_code_test.py CHECK_CODE
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(sys.argv[1]).resolve()
MANY = "".join(f"    int member_{n} = 0;\n" for n in range(13))


class CheckCode(unittest.TestCase):
    def found(self, **sources):
        """The lines that the check prints about these files; `__` in a name stands for a slash."""
        with tempfile.TemporaryDirectory(prefix="riverlight-code-") as folder:
            subprocess.run(["git", "init", "-q", folder], check=True, timeout=60)
            for name, text in sources.items():
                path = pathlib.Path(folder, name.replace("__", "/") + ".hpp")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            done = subprocess.run([CHECK, folder], capture_output=True, text=True, timeout=60)
            lines = done.stdout.splitlines()
            self.assertEqual(done.returncode, 1 if lines else 0, done.stderr)
            return lines

    def test_a_file_has_at_most_400_lines(self):
        self.assertEqual(self.found(content__long="\n" * 400), [])
        self.assertEqual(len(self.found(content__long="\n" * 401)), 1)

    def test_a_function_has_at_most_60_lines(self):
        self.assertEqual(self.found(content__a="void f() {\n" + "    g();\n" * 58 + "}\n"), [])
        self.assertEqual(len(self.found(content__a="void f() {\n" + "    g();\n" * 59 + "}\n")), 1)
        method = "class C {\n    int f() const {\n" + "        g({1, 2});\n" * 59 + "    }\n};\n"
        self.assertEqual(len(self.found(content__a=method)), 1)

    def test_a_class_has_at_most_12_members_or_the_reason_beside_it(self):
        twelve = "struct S {\n    int a, b = 1, c{}, d[2];\n    std::map<int, int> e;\n    std::function<void(int)> f;\n    static int s;\n" \
                 "    using T = int;\n    int method(int x) const { return x; }\n    bool operator==(const S&) const = default;\n" \
                 "    struct Inner {\n        int x, y;\n    };\n    Inner g, h, i, j, k, l;\n"
        self.assertEqual(self.found(content__a=twelve + "};\n"), [])
        self.assertEqual(len(self.found(content__a=twelve + "    bool m = false;\n};\n")), 1)
        self.assertEqual(self.found(content__a="/// One member for each column.\nstruct S {\n" + MANY + "};\n"), [])
        self.assertEqual(self.found(content__a="class S {\n    // More than 12\n    // members: they belong together.\n" + MANY + "};\n"), [])

    def test_no_two_types_of_the_product_share_a_name(self):
        one, other = "namespace a {\nstruct Plan {\n    int x;\n};\n}\n", "namespace b {\nnamespace {\nenum class Plan { yes, no };\n}\n}\n"
        self.assertEqual(len(self.found(content__a=one, player__b=other)), 1)
        self.assertEqual(self.found(content__a=one, tests__b=other), [])
        nested = "class Maker {\n    struct Plan {\n        int x;\n    };\n};\n"
        self.assertEqual(self.found(content__a=one, player__b=nested), [])
        self.assertEqual(self.found(content__a=one, player__b="struct Plan;\n// struct Plan {};\n"), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
