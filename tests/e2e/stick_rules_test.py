"""The udev rules admit USB sticks and, on an appliance, no other device (case 80).

  stick_rules_test.py BIN SOURCE
"""
import fnmatch
import pathlib
import re
import sys
import unittest

RULES = pathlib.Path(sys.argv[2]).resolve() / "firmware/stick/60-riverlight-stick.rules"
TERM = re.compile(r'([A-Z_]+)(?:\{([^}]*)\})?\s*(==|!=|\+=|=)\s*"([^"]*)"')


def read_rules():
    """Each rule as terms (key, attribute, operator, value), parsed as in udev(7): continued lines joined, comments removed."""
    lines = [line for line in RULES.read_text().splitlines() if not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if line.strip():
            terms = TERM.findall(line)
            assert TERM.sub("", line).replace(",", "").strip() == "", f"not understood: {line}"
            yield terms


def apply_rules(**device):
    """The effect of the rules on an added device: {'authorized': …, 'wants': …}. `attr` and `env` are dicts; `files`: that are there."""
    attr, env = dict(device.get("attr", {})), dict(device.get("env", {}))
    own = {"ACTION": "add", "SUBSYSTEM": device["subsystem"]}
    tags = set()

    def value(key, name):
        return {"ATTR": attr, "ENV": env}[key].get(name, "") if name else own.get(key, "")

    for terms in read_rules():
        matches = [t for t in terms if t[2] in ("==", "!=") and t[0] != "TEST"]
        if not all((path in device.get("files", ())) == (op == "==") for key, _, op, path in terms if key == "TEST"):
            continue
        if not all(any(fnmatch.fnmatchcase(value(k, n), v) for v in want.split("|")) == (op == "==") for k, n, op, want in matches):
            continue
        for key, name, op, new in terms:
            if op == "+=" and key == "TAG":
                tags.add(new)
            elif op in ("=", "+="):
                {"ATTR": attr, "ENV": env}[key][name] = new
    return {"authorized": attr.get("authorized", "1"), "wants": env.get("SYSTEMD_WANTS", "") if "systemd" in tags else ""}


APPLIANCE = ("/etc/riverlight/usb-sticks-only",)


def interface(interface_class, files=APPLIANCE, **env):
    return apply_rules(subsystem="usb", files=files, attr={"bInterfaceClass": interface_class}, env={"DEVTYPE": "usb_interface"} | env)["authorized"]


class StickRules(unittest.TestCase):
    def test_case_80_keyboards_network_cards_and_modems_are_blocked(self):
        # Classes by the USB Implementers Forum: 02 and 0a communications, 03 human input, 06 still image, 0e video,
        # e0 wireless, ef miscellaneous, ff vendor's own.
        for interface_class in ("01", "02", "03", "06", "07", "0a", "0b", "0e", "dc", "e0", "ef", "fe", "ff"):
            self.assertEqual(interface(interface_class), "0", interface_class)
        # A stick that is also a keyboard: its storage is admitted, its keyboard is not.
        self.assertEqual([interface("08"), interface("03")], ["1", "0"])
        self.assertEqual(interface("09"), "1", "hubs")

    def test_case_80_a_board_can_allow_the_devices_it_needs(self):
        self.assertEqual(interface("03", RIVERLIGHT_USB="allowed"), "1", "a touch screen")
        self.assertEqual(interface("03", RIVERLIGHT_USB="no"), "0")

    def test_a_computer_keeps_its_keyboard_and_its_network_adapter(self):
        for interface_class in ("03", "02", "ff"):
            self.assertEqual(interface(interface_class, files=()), "1", interface_class)

    def test_only_plain_filesystems_on_usb_start_an_import(self):
        def wants(**env):
            return apply_rules(subsystem="block", env={"ID_BUS": "usb", "ID_FS_USAGE": "filesystem", "ID_FS_TYPE": "vfat"} | env)["wants"]

        self.assertEqual(wants(), "riverlight-stick@%k.service")
        self.assertEqual(wants(ID_FS_TYPE="exfat"), "riverlight-stick@%k.service")
        for other in (dict(ID_FS_TYPE="ext4"), dict(ID_FS_TYPE="ntfs"), dict(ID_FS_TYPE="btrfs"), dict(ID_FS_TYPE=""),
                      dict(ID_BUS="ata"), dict(ID_FS_USAGE="crypto")):
            self.assertEqual(wants(**other), "", other)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
