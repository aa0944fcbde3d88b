"""What a slot is made of, from a root's tree: the root's image with its hash tree, and the boot partition with kernel, initramfs and their checksums."""
import hashlib
import pathlib
import re
import shutil
import tempfile

from root import HERE, modules_for, read_list, run

ROOT_ID = "8d3f6f1e-3a4b-4f29-9b55-2f2b5c1a0001"
TREE_ID = "8d3f6f1e-3a4b-4f29-9b55-2f2b5c1a0002"
BOOT_MB = 40
SECTOR = 512
# quiet: the screen stays black until the first frame. A kernel that fails restarts by itself.
ARGUMENTS = "ro quiet loglevel=3 panic=5 oops=panic vt.global_cursor_default=0 console=tty0 console=ttyS0,115200"


def pack(folder, target, epoch):
    """A cpio archive (newc) of a folder, compressed; the same for the same content."""
    script = f"cd '{folder}' && find . -exec touch -h -d @{epoch} {{}} + && find . | LC_ALL=C sort | cpio -o -H newc --quiet --reproducible -R 0:0 | gzip -9n > '{target}'"
    run("sh", "-ec", script)


def make_initrd(tree, kernel, epoch, target):
    with tempfile.TemporaryDirectory(prefix="riverlight-initrd-") as work:
        folder = pathlib.Path(work)
        for name in ("bin", "dev", "proc", "sys", "run", "sysroot", "modules", "sbin", "tmp"):
            (folder / name).mkdir()
        shutil.copy(HERE / "init.sh", folder / "init")
        shutil.copy(tree / "bin/busybox", folder / "bin/busybox")
        for program in ("sbin/veritysetup", "usr/bin/riverlight-slots"):
            shutil.copy(tree / program, folder / "sbin")
            for library in re.findall(r"(/\S+) \(0x", run("chroot", tree, "ldd", f"/{program}")):
                (folder / library[1:]).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(resolve(tree, library), folder / library[1:])
        order = []
        for name in read_list(HERE / "modules.txt", "initramfs"):
            for path in modules_for(tree, kernel, name):
                if path.name not in order:
                    order.append(path.name)
                    shutil.copy(path, folder / "modules")
        (folder / "modules/order").write_text("\n".join(order) + "\n")
        pack(folder, target, epoch)


def resolve(tree, path):
    """The file in the tree that a path in it leads to, by links that are absolute in the tree."""
    for _ in range(8):
        here = tree / path.lstrip("/")
        if not here.is_symlink():
            return here
        link = str(here.readlink())
        path = link if link.startswith("/") else str(pathlib.PurePosixPath(path).parent / link)
    raise FileNotFoundError(path)


def make_root_image(tree, epoch, target, fast):
    """Returns the hash of the root, and where its hash tree begins, in bytes."""
    run("mkfs.erofs", "-zlz4" if fast else "-zlz4hc,12", "-C65536", f"-T{epoch}", f"-U{ROOT_ID}", "--exclude-regex=^(boot|dev|proc|sys|run|tmp)/.+", target, tree, timeout=3600)
    size = target.stat().st_size
    said = run("veritysetup", "format", f"--hash-offset={size}", f"--salt={'00' * 32}", f"--uuid={TREE_ID}", target, target)
    return re.search(r"Root hash:\s+([0-9a-f]{64})", said)[1], size


def make_boot_image(tree, kernel, initrd, root_hash, root_bytes, version, epoch, target):
    with tempfile.TemporaryDirectory(prefix="riverlight-boot-") as work:
        folder = pathlib.Path(work)
        shutil.copy(tree / "boot" / f"vmlinuz-{kernel}", folder / "vmlinuz")
        shutil.copy(initrd, folder / "initrd")
        (folder / "slot.cfg").write_text(f'set root_hash={root_hash}\nset root_bytes={root_bytes}\nset version={version}\nset arguments="{ARGUMENTS}"\n')
        names = ("vmlinuz", "initrd", "slot.cfg")
        # GRUB reads these names relative to $root.
        (folder / "sums").write_text("".join(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  /{name}\n" for name in names))
        make_fat(target, BOOT_MB, "BOOT", epoch, [(folder / name, f"::{name}") for name in (*names, "sums")])


def make_fat(target, megabytes, label, epoch, files, folders=()):
    """A FAT32 file system; the same for the same files."""
    target.unlink(missing_ok=True)
    with open(target, "wb") as image:
        image.truncate(megabytes << 20)
    run("mkfs.vfat", "-F", "32", "-n", label, "-i", "21212121", "--invariant", target)
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SOURCE_DATE_EPOCH": str(epoch), "TZ": "UTC"}
    for folder in folders:
        run("mmd", "-i", target, folder, env=environment)
    for path, name in files:
        run("touch", "-d", f"@{epoch}", path)
        run("mcopy", "-m", "-i", target, path, name, env=environment)
