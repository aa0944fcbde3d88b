"""The disk: GPT, the chooser and its state, two slots, data."""
import pathlib
import subprocess
import tempfile

from parts import BOOT_MB, make_fat
from root import HERE, run

GRUB_MODULES = ("part_gpt", "fat", "loadenv", "normal", "linux", "echo", "test", "regexp", "search", "search_label", "configfile", "sleep", "reboot", "serial", "terminal",
                "hashsum", "gcry_sha256", "minicmd", "blocklist")
MIB = 1 << 20
CHOOSER_MB, SLOTS_MB, DATA_MB = 34, 1, 64
# sfdisk's own short names, and Debian's for "not ours": nothing mounts these by type.
TYPES = {"chooser": "C12A7328-F81F-11D2-BA4B-00A0C93EC93B", "data": "0FC63DAF-8483-4772-8E79-3D69D8477DE4"}
RESERVED = "8DA63339-0007-60C0-C436-083AC8230908"
DISK_ID = "8D3F6F1E-3A4B-4F29-9B55-2F2B5C1A0010"


def partitions(root_mb):
    """Names and sizes in MiB, in the order of their numbers, from the first MiB of the disk on."""
    return (("chooser", CHOOSER_MB), ("slots", SLOTS_MB), ("boot-a", BOOT_MB), ("boot-b", BOOT_MB), ("root-a", root_mb), ("root-b", root_mb), ("data", DATA_MB))


def make_chooser(epoch, target):
    with tempfile.TemporaryDirectory(prefix="riverlight-chooser-") as work:
        folder = pathlib.Path(work)
        (folder / "early.cfg").write_text("search --no-floppy --label --set=root CHOOSER\nset prefix=($root)/grub\nconfigfile ($root)/grub/grub.cfg\n")
        run("grub-mkimage", "-O", "x86_64-efi", "-c", folder / "early.cfg", "-p", "/grub", "-o", folder / "BOOTX64.EFI", *GRUB_MODULES)
        # Written in place by GRUB; one x a start.
        (folder / "starts").write_text("# GRUB Environment Block\n".ljust(1024, "#"))
        make_fat(target, CHOOSER_MB, "CHOOSER", epoch,
                 [(folder / "BOOTX64.EFI", "::EFI/BOOT/BOOTX64.EFI"), (folder / "starts", "::grub/starts"), (copy(HERE / "grub.cfg", folder), "::grub/grub.cfg"),
                  (copy(HERE / "choose.cfg", folder), "::grub/choose.cfg")], ("::EFI", "::EFI/BOOT", "::grub"))


def copy(path, folder):
    (folder / path.name).write_bytes(path.read_bytes())
    return folder / path.name


def make_slots(tree, target):
    target.write_bytes(bytes(SLOTS_MB * MIB))
    target.rename(tree / "tmp/slots")
    run("chroot", tree, "/usr/bin/riverlight-slots", "--device", "/tmp/slots", "init")
    (tree / "tmp/slots").rename(target)


def make_data(epoch, target):
    target.unlink(missing_ok=True)
    with open(target, "wb") as image:
        image.truncate(DATA_MB * MIB)
    # Laid out for the card that it grows to: of so small a partition mke2fs would make blocks of 1 KiB and an inode for each 4, and growing would
    # write as much as a sixteenth of the card before the first frame. A board keeps few files, and large ones.
    run("mke2fs", "-q", "-t", "ext4", "-b", "4096", "-i", "65536", "-L", "data", "-U", "8d3f6f1e-3a4b-4f29-9b55-2f2b5c1a0003", "-E", "hash_seed=8d3f6f1e-3a4b-4f29-9b55-2f2b5c1a0004,lazy_itable_init=0,lazy_journal_init=0,nodiscard",
        target, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "E2FSPROGS_FAKE_TIME": str(epoch), "SOURCE_DATE_EPOCH": str(epoch)})


def make_disk(contents, root_mb, target):
    """Lays out the partitions; `contents` names the image of each that is not empty."""
    layout = partitions(root_mb)
    target.unlink(missing_ok=True)
    with open(target, "wb") as disk:
        disk.truncate((sum(size for _, size in layout) + 2) * MIB)
    table, at = [f"label: gpt\nlabel-id: {DISK_ID}\nfirst-lba: 2048\n"], 1
    for number, (name, size) in enumerate(layout, 1):
        table.append(f"start={at}MiB, size={size}MiB, type={TYPES.get(name, RESERVED)}, name={name}, uuid={DISK_ID[:-2]}{number + 0x20:02X}\n")
        at += size
    subprocess.run(["sfdisk", "-q", str(target)], input="".join(table), text=True, check=True, capture_output=True)
    at = 1
    for name, size in layout:
        if path := contents.get(name):
            if path.stat().st_size > size * MIB:
                raise ValueError(f"{name} has {path.stat().st_size >> 20} MiB, more than its {size}")
            run("dd", f"if={path}", f"of={target}", "bs=1M", f"seek={at}", "conv=notrunc,sparse")
        at += size
