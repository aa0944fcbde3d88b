"""Update bundles for tests of an image: the image's own system with another version, whole or broken on purpose. They are kept beside the image
(variants/), since each takes half a minute to make."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "firmware/image"))
import bundle  # noqa: E402
import parts  # noqa: E402


def no_daemon(tree):
    replace(tree / "usr/bin/riverlightd", "#!/bin/sh\nexit 1\n")


def no_player(tree):
    replace(tree / "usr/bin/riverlight-player", "#!/bin/sh\nexit 1\n")


def no_init(tree):
    """The kernel panics as soon as the root is there."""
    for name in ("sbin/init", "usr/sbin/init"):
        (tree / name).unlink(missing_ok=True)


def nothing(tree):
    del tree


# What is broken in a variant's tree.
BREAKS = {"whole": nothing, "daemon-exits": no_daemon, "player-exits": no_player, "init-missing": no_init}


def replace(path, text):
    path.unlink()
    path.write_text(text)
    path.chmod(0o755)


class Bundles:
    """`image`: the folder that firmware/image/build made; `key` and `certificate`: with which it signed its bundle."""

    def __init__(self, image, key, certificate):
        self.image, self.key, self.certificate = image, key, certificate
        self.version = re.search(r"^IMAGE_VERSION=(.*)$", (image / "root/etc/os-release").read_text(), re.M)[1]

    def version_of(self, step):
        """The image's version, so many seconds later: newer than the image, or older with a negative step."""
        digits = re.search(r"\d+$", self.version)[0]
        return self.version[: -len(digits)] + str(int(digits) + step).zfill(len(digits))

    def make(self, kind, step, foreign=False):
        """A bundle of the kind `kind` with version_of(step); foreign: signed by a key that the image does not know. Returns its path."""
        version = self.version_of(step)
        target = self.image / "variants" / f"{kind}-{version}{'-foreign' if foreign else ''}.raucb"
        if target.exists() and target.stat().st_mtime > (self.image / "disk.img").stat().st_mtime:
            return target
        target.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="variant-", dir=self.image) as work:
            work = pathlib.Path(work)
            self.make_slot(kind, version, work)
            key, certificate = make_key(work) if foreign else (self.key, self.certificate)
            bundle.make_bundle(work, version, key, certificate, fast=True)
            (work / "update.raucb").rename(target)
        return target

    def make_slot(self, kind, version, work):
        tree = work / "root"
        subprocess.run(["cp", "-a", "--reflink=auto", self.image / "root", tree], check=True)
        release = tree / "etc/os-release"
        when = release.stat()
        release.write_text(re.sub(r"^IMAGE_VERSION=.*$", f"IMAGE_VERSION={version}", release.read_text(), flags=re.M))
        os.utime(release, ns=(when.st_atime_ns, when.st_mtime_ns))
        BREAKS[kind](tree)
        epoch = int(when.st_mtime)
        kernel = next((tree / "usr/lib/modules").iterdir()).name
        root_hash, root_bytes = parts.make_root_image(tree, epoch, work / "root.img", fast=True)
        parts.make_boot_image(tree, kernel, self.image / "initrd", root_hash, root_bytes, version, epoch, work / "boot.img")
        shutil.rmtree(tree)


def make_key(folder):
    key, certificate = folder / "foreign.key.pem", folder / "foreign.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650", "-subj", "/CN=Somebody else", "-keyout", key,
                    "-out", certificate], check=True, capture_output=True)
    return key, certificate
