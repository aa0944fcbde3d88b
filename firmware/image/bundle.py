"""The update bundle of a slot, for RAUC: its root and its boot partition, signed."""
import os
import tempfile

from root import COMPATIBLE, run


def make_bundle(out, version, key, certificate, fast):
    with tempfile.TemporaryDirectory(prefix="riverlight-bundle-", dir=out) as folder:
        for name in ("root.img", "boot.img"):
            os.link(out / name, f"{folder}/{name}")
        with open(f"{folder}/manifest.raucm", "w", encoding="utf-8") as manifest:
            manifest.write(f"[update]\ncompatible={COMPATIBLE}\nversion={version}\n\n[bundle]\nformat=verity\n\n"
                           "[image.root]\nfilename=root.img\n\n[image.boot]\nfilename=boot.img\n")
        target = out / "update.raucb"
        target.unlink(missing_ok=True)
        run("rauc", "bundle", f"--mksquashfs-args=-comp zstd -Xcompression-level {1 if fast else 19} -all-root", f"--cert={certificate}", f"--key={key}", folder, target, timeout=3600)
