"""The Debian packages: what is in them, what they need, and how far their units are confined. Nothing is installed.

  packages_test.py BUILD SOURCE     BUILD: a built tree, with CPackConfig.cmake
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD, SOURCE = (pathlib.Path(path).resolve() for path in sys.argv[1:3])
NAMES = ("riverlight-board", "riverlight-office", "riverlight-tools")
UNITS = {
    "riverlight-board": {"riverlightd.service", "riverlight-stick@.service"},
    "riverlight-office": {"riverlight-office.service"},
    "riverlight-tools": {"riverlight-channel-refresh@.service", "riverlight-channel-refresh@.timer"},
}
FILES = {
    "riverlight-board": {"usr/bin/riverlightd", "usr/share/man/man8/riverlightd.8", "usr/share/bash-completion/completions/riverlightd",
                         "usr/bin/riverlight-slots", "usr/share/man/man8/riverlight-slots.8", "usr/share/bash-completion/completions/riverlight-slots",
                         "usr/bin/riverlight-update", "usr/share/man/man8/riverlight-update.8", "usr/share/bash-completion/completions/riverlight-update",
                         "usr/lib/udev/rules.d/60-riverlight-stick.rules", "usr/share/doc/riverlight-board/examples/riverlightd.toml.example"},
    "riverlight-office": {"usr/bin/riverlight-office", "usr/share/man/man8/riverlight-office.8",
                          "usr/share/bash-completion/completions/riverlight-office", "etc/default/riverlight-office"},
    "riverlight-tools": {"usr/bin/riverlight", "usr/bin/riverlight-player", "usr/share/man/man1/riverlight.1", "usr/share/man/man8/riverlight-player.8",
                         "usr/share/bash-completion/completions/riverlight", "usr/share/bash-completion/completions/riverlight-player",
                         "usr/share/doc/riverlight-tools/examples/channel.conf.example"},
}
USERS = {"riverlight-board": "riverlight", "riverlight-office": "riverlight-office", "riverlight-tools": "riverlight-channel"}
# Of ten; what systemd-analyze calls exposure, times ten.
MOST_EXPOSED = 12


def run(*words, **options):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=200, **options)


def said(*words, **options):
    done = run(*words, **options)
    assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def settings_of(unit):
    """Key to values, in order; continued lines joined, comments removed."""
    out = {}
    for line in unit.read_text().replace("\\\n", " ").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith(("#", ";")):
            out.setdefault(key, []).append(value)
    return out


def calls_of(group, groups):
    """The system calls that a group stands for."""
    if not group.startswith("@"):
        return {group}
    return set().union(*(calls_of(one, groups) for one in groups[group]))


def allowed_calls(unit):
    """What SystemCallFilter= leaves, as systemd.exec(5) says: the first entry decides what a list is; `~` takes away."""
    groups, name = {}, None
    for line in said("systemd-analyze", "syscall-filter").splitlines():
        if line.startswith("@"):
            name = line.strip()
            groups[name] = set()
        elif name and line.strip() and not line.strip().startswith("#"):
            groups[name].add(line.strip())
    left = set()
    for entry in settings_of(unit)["SystemCallFilter"]:
        calls = set().union(*(calls_of(word, groups) for word in entry.lstrip("~").split()))
        left = left - calls if entry.startswith("~") else left | calls
    return left


class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        said("cpack", "--config", BUILD / "CPackConfig.cmake", "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=none", "-B", cls.folder / "made", cwd=BUILD)
        cls.debs = {path.name.split("_")[0]: path for path in (cls.folder / "made").glob("*.deb")}
        cls.root = cls.folder / "root"
        for path in cls.debs.values():
            said("dpkg-deb", "-x", path, cls.root)

    def field(self, name, field):
        return said("dpkg-deb", "-f", self.debs[name], field).strip()

    def unit(self, name):
        return self.root / "usr/lib/systemd/system" / name

    def test_there_are_three_and_each_holds_its_files(self):
        self.assertEqual(set(self.debs), set(NAMES))
        for name, path in self.debs.items():
            listed = [line.split(None, 5) for line in said("dpkg-deb", "-c", path).splitlines()]
            files = {words[5].removeprefix("./") for words in listed if not words[0].startswith("d")}
            own = {f"usr/lib/systemd/system/{unit}" for unit in UNITS[name]}
            own |= {f"usr/lib/sysusers.d/{name}.conf", f"usr/lib/tmpfiles.d/{name}.conf", f"usr/share/doc/{name}/copyright"}
            self.assertEqual(files, FILES[name] | own)
            self.assertEqual({words[1] for words in listed}, {"root/root"})
            self.assertEqual([words for words in listed if re.match(r".......[w-]w|........w", words[0])], [], "written by others than root")
            self.assertRegex(self.field(name, "Version"), r"^\d+\.\d+\.\d+$")
            self.assertEqual(self.field(name, "Architecture"), said("dpkg", "--print-architecture").strip())

    def test_they_need_what_they_load(self):
        needs = {name: {word.split()[0] for word in re.split(r"[,|]", self.field(name, "Depends"))} for name in NAMES}
        for name, wanted in (("riverlight-board", {"riverlight-tools", "libsystemd0", "libsqlite3-0", "udev", "tzdata", "ca-certificates"}),
                             ("riverlight-office", {"libsqlite3-0", "libsystemd0", "tzdata"}),
                             ("riverlight-tools", {"libavcodec59", "libpango-1.0-0", "libdrm2", "fonts-noto-core", "fonts-noto-cjk", "fonts-symbola"})):
            self.assertLessEqual(wanted, needs[name], name)
        self.assertEqual({need for need in needs["riverlight-office"] if need.startswith(("libav", "fonts", "libdrm", "libsdl"))}, set(), "a server needs no player")
        self.assertEqual({need for name in NAMES for need in needs[name] if need.endswith("-dev")}, set())

    def test_systemd_understands_the_units(self):
        # Its own targets, and the machine's, are not in this root.
        for name in NAMES:
            for unit in UNITS[name]:
                file = self.unit(unit)
                instance = self.folder / unit.replace("@.", "@kh.")
                # The programs are elsewhere here; what stands for them is always there.
                text = re.sub(r"^(Exec\w+=[-+]*)/\S+", r"\1/bin/true", file.read_text(), flags=re.MULTILINE)
                instance.write_text(text)
        for unit in (path for path in self.folder.iterdir() if path.suffix in (".service", ".timer")):
            done = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit)
            self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""), unit.name)

    def test_no_unit_is_more_exposed_than_it_must_be(self):
        for name in ("riverlightd.service", "riverlight-office.service", "riverlight-channel-refresh@.service", "riverlight-stick@.service"):
            done = run("systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager", self.unit(name))
            self.assertEqual(done.returncode, 0, f"{name}: {done.stdout.splitlines()[-1:]} {done.stderr}")

    def test_the_board_comes_back_and_its_watchdog_is_fed(self):
        settings = settings_of(self.unit("riverlightd.service"))
        for key, value in (("Type", "notify"), ("Restart", "always"), ("StartLimitIntervalSec", "0"), ("RuntimeDirectory", "riverlightd"),
                           ("RuntimeDirectoryPreserve", "yes"), ("StateDirectory", "riverlight"), ("User", "riverlight"), ("KillMode", "mixed")):
            self.assertEqual(settings[key], [value], key)
        patience = re.search(r"starting_patience\{(\d+)\}", (SOURCE / "firmware/start/watchdog.hpp").read_text())
        self.assertGreaterEqual(int(settings["WatchdogSec"][0]), 30)
        self.assertGreaterEqual(int(settings["WatchdogSec"][0]), int(patience[1]), "a start may take as long")

    def test_the_board_leaves_its_players_their_own_confinement(self):
        left = allowed_calls(self.unit("riverlightd.service"))
        wanted = {"landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "seccomp", "prctl", "prlimit64"}
        self.assertEqual(wanted - left, set())
        self.assertEqual({"mount", "ptrace", "bpf", "init_module", "reboot", "swapon"} & left, set())
        self.assertEqual(settings_of(self.unit("riverlightd.service")).get("ProcSubset", ["all"]), ["all"], "the boot's id is read in /proc/sys")

    def test_the_users_are_made_and_the_board_has_its_devices(self):
        (self.root / "etc").mkdir(exist_ok=True)
        for name in NAMES:
            said("systemd-sysusers", f"--root={self.root}", f"{name}.conf")
        users = {line.split(":")[0]: line.split(":") for line in (self.root / "etc/passwd").read_text().splitlines()}
        groups = {line.split(":")[0]: line.split(":")[3].split(",") for line in (self.root / "etc/group").read_text().splitlines()}
        for user in USERS.values():
            self.assertEqual(users[user][6], "/usr/sbin/nologin", user)
        for group in ("video", "render", "audio"):
            self.assertIn("riverlight", groups[group])

    def test_the_scripts_are_scripts_and_keep_state(self):
        (self.folder / "control").mkdir()
        for name in NAMES:
            control = self.folder / "control" / name
            said("dpkg-deb", "-e", self.debs[name], control)
            for script in ("postinst", "prerm", "postrm"):
                text = (control / script).read_text()
                self.assertTrue(os.access(control / script, os.X_OK))
                said("sh", "-n", control / script)
                self.assertEqual(re.findall(r"@\w+@", text), [], "names that were not filled in")
            removed = (control / "postrm").read_text().split("purge)")
            self.assertNotIn("rm -rf", removed[0], "only a purge removes state")
            self.assertIn("rm -rf /var/lib/riverlight", removed[1])
            self.assertNotIn("rm ", (control / "postinst").read_text() + (control / "prerm").read_text())
        self.assertEqual((self.folder / "control/riverlight-office/conffiles").read_text(), "/etc/default/riverlight-office\n")

    def test_the_programs_are_stripped(self):
        for program in ("riverlightd", "riverlight-slots", "riverlight-update", "riverlight-player", "riverlight", "riverlight-office"):
            self.assertNotIn(".debug_info", said("objdump", "-h", self.root / "usr/bin" / program), program)


if __name__ == "__main__":
    for needed in ("cpack", "dpkg-deb", "dpkg-shlibdeps", "systemd-analyze"):
        if not shutil.which(needed):
            sys.exit(f"packages_test.py: {needed} is missing; tools/setup test installs it")
    unittest.main(argv=sys.argv[:1], verbosity=2)
