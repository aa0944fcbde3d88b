"""The root of a board: a tree of Debian packages, of Riverlight's own, and of what firmware/image/tree holds."""
import os
import pathlib
import re
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
# The kind of board: in os-release, in bundles, and in tree/etc/rauc/system.conf.
COMPATIBLE = "riverlight-amd64-uefi"
OURS = ("riverlight-board", "riverlight-tools")
# Left out of every package: nobody reads them on a board, and no text is drawn with these faces (player/text/fonts.cpp).
EXCLUDED = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/info/*", "/usr/share/locale/*", "/usr/share/lintian/*", "/usr/share/bash-completion/*",
            "/usr/share/fonts/opentype/noto/NotoSerifCJK*", "/usr/share/pocketsphinx/*", "/usr/share/icons/*", "/usr/share/sounds/*")
# Units of Debian that a board does not need: they write to the root, ask at a console, or wait for a network.
MASKED = ("apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer", "e2scrub_reap.service", "fstrim.timer", "getty@tty1.service",
          "serial-getty@ttyS0.service", "console-getty.service", "systemd-networkd-wait-online.service", "systemd-firstboot.service", "systemd-repart.service",
          "systemd-hwdb-update.service", "rauc-mark-good.service", "alsa-restore.service", "alsa-state.service", "systemd-machine-id-commit.service")
ENABLED = {"multi-user.target": ("riverlightd.service", "riverlight-confirm.service", "riverlight-update.path", "systemd-networkd.service"),
           "sysinit.target": ("systemd-resolved.service", "systemd-timesyncd.service"), "local-fs.target": ("riverlight-data.service",)}


class Failed(Exception):
    """A step of the build failed; says which, why and what to do."""


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, stdin=subprocess.DEVNULL, **options)
    if done.returncode != 0:
        raise Failed(f"{words[0]}: {(done.stderr or done.stdout).strip()[-1500:]}")
    return done.stdout


def read_list(path, section=None):
    """The first words of a list's lines, of one `# == section` if it is named."""
    words, within = [], None
    for line in path.read_text().splitlines():
        if found := re.match(r"# == (\w+)", line):
            within = found[1]
        elif (word := line.split("#")[0].strip()) and section in (None, within):
            words.append(word)
    return words


def dependencies_of(debs):
    """The Debian packages that ours need."""
    names = set()
    for deb in debs:
        for part in run("dpkg-deb", "-f", deb, "Depends").split(","):
            names.add(re.split(r"[\s(|]", part.strip())[0])
    return sorted(names - set(OURS))


def make_base(tree, debs, epoch):
    """Debian's part of the root, from the sources that this machine has: the packages, and the kernel only unpacked, since the initramfs is ours."""
    sources = [path for path in (pathlib.Path("/etc/apt/sources.list"), *sorted(pathlib.Path("/etc/apt/sources.list.d").glob("*.sources"))) if path.is_file()]
    settings = [f"--aptopt={path}" for path in sorted(pathlib.Path("/etc/apt/apt.conf.d").iterdir()) if re.search(r"proxy|registry", path.name)]
    names = sorted({*dependencies_of(debs), *read_list(HERE / "packages.txt")})
    kernel = ('set -e; cd "$1/tmp"; APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"; export APT_CONFIG; '
              "image=$(apt-cache depends linux-image-amd64 | sed -n 's/ *Depends: *\\(linux-image-[0-9][^ ]*\\)/\\1/p'); "
              # Beside the root first: unpacked into it, its folder lib would take the place of the link to usr/lib.
              'apt-get download "$image"; dpkg-deb -x "$image"_*.deb kernel; mv kernel/lib/modules "$1/usr/lib/"; mv kernel/boot/* "$1/boot/"; rm -r kernel "$image"_*.deb')
    run("mmdebstrap", "--mode=root", "--variant=minbase", "--format=directory", f"--include={','.join(names)}", "--aptopt=APT::Sandbox::User \"root\"",
        "--aptopt=APT::Install-Recommends \"false\"", "--aptopt=Acquire::Languages \"none\"", "--dpkgopt=force-unsafe-io", *settings,
        *(f"--dpkgopt=path-exclude={pattern}" for pattern in EXCLUDED), f"--customize-hook={kernel}", "bookworm", tree, *sources,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(epoch)}, timeout=3600)


def prune_modules(tree):
    """Keeps of the kernel's modules those of modules.txt and what they need."""
    kernel = next((tree / "usr/lib/modules").iterdir()).name
    folder = tree / "usr/lib/modules" / kernel
    run("depmod", "-b", tree, kernel)
    kept = {path for name in read_list(HERE / "modules.txt") for path in modules_for(tree, kernel, name)}
    for path in folder.rglob("*.ko"):
        if path not in kept:
            path.unlink()
    for parent, _, _ in os.walk(folder, topdown=False):
        if not os.listdir(parent):
            os.rmdir(parent)
    if not kept:
        raise Failed("no module of the kernel is left: modules.txt and the kernel do not fit")
    run("depmod", "-b", tree, kernel)
    return kernel


def modules_for(tree, kernel, name):
    """The files of a module and of those that it needs, in the order to load them; none if it is built in. Their names begin with
    usr/lib, which lib leads to."""
    said = run("modprobe", "-S", kernel, "-d", tree, "--show-depends", name)
    folder = tree / "usr/lib/modules" / kernel
    return [folder / line.split()[1].split(f"/lib/modules/{kernel}/", 1)[1] for line in said.splitlines() if line.startswith("insmod")]


def install(tree, debs, epoch, version, factory, keyring):
    """Installs our packages into a copy of Debian's part, and what firmware/image has for it. Returns the kernel's version."""
    for deb in debs:
        shutil.copy(deb, tree / "tmp")
    # Our maintainer scripts enable units; nothing is started in a tree.
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "SOURCE_DATE_EPOCH": str(epoch)}
    run("chroot", tree, "dpkg", "--install", "--force-unsafe-io", *(f"/tmp/{deb.name}" for deb in debs), env=environment)
    for deb in debs:
        (tree / "tmp" / deb.name).unlink()
    run("cp", "-r", "--preserve=mode,links", f"{HERE}/tree/.", tree)
    kernel = prune_modules(tree)
    units = tree / "etc/systemd/system"
    (tree / "etc/tmpfiles.d/riverlight-tools.conf").symlink_to("/dev/null")  # folders of a channel's timer, in a root that is never written
    for unit in MASKED:
        (units / unit).unlink(missing_ok=True)
        (units / unit).symlink_to("/dev/null")
    for target, names in ENABLED.items():
        (units / f"{target}.wants").mkdir(exist_ok=True)
        for name in names:
            link = units / f"{target}.wants" / name
            link.unlink(missing_ok=True)
            link.symlink_to(next(f"/{home}/systemd/system/{name}" for home in ("etc", "lib") if (tree / home / "systemd/system" / name).exists()))
    (tree / "etc/os-release").unlink(missing_ok=True)
    (tree / "etc/os-release").write_text((tree / "usr/lib/os-release").read_text() + f"IMAGE_ID={COMPATIBLE}\nIMAGE_VERSION={version}\n")
    if factory:
        shutil.copytree(factory, tree / "usr/share/riverlight/factory", symlinks=True)
    if keyring:
        shutil.copy(keyring, tree / "etc/rauc/keyring.pem")
    return kernel


def settle(tree, epoch):
    """Takes away what differs between two builds or would be written."""
    for name in ("data", "boot", "etc/riverlight"):  # nothing can be made in the root later
        (tree / name).mkdir(exist_ok=True)
    (tree / "etc/machine-id").write_text("")  # one of each start, since the root cannot be written
    (tree / "etc/hostname").write_text("riverlight\n")
    (tree / "usr/lib/clock-epoch").write_text("")
    for name in ("etc/resolv.conf", "var/lib/dbus/machine-id", "etc/.pwd.lock"):
        (tree / name).unlink(missing_ok=True)
    (tree / "etc/resolv.conf").symlink_to("/run/systemd/resolve/resolv.conf")
    for pattern in ("boot/*", "var/cache/apt/*", "var/lib/apt/*", "var/cache/debconf/*", "var/cache/ldconfig/*", "var/cache/fontconfig/*", "var/log/*", "var/lib/dpkg/*-old", "tmp/*",
                    "run/*", "etc/*-", "var/lib/systemd/catalog/*", "usr/share/doc/*", "var/lib/riverlight"):
        for path in tree.glob(pattern):
            if pattern == "boot/*" and path.name.startswith("vmlinuz-"):
                continue
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    set_times(tree, epoch)
    # The cache holds its folders' times: they are those of the image.
    run("chroot", tree, "env", f"SOURCE_DATE_EPOCH={epoch}", "fc-cache", "--system-only")
    set_times(tree, epoch)


def set_times(tree, epoch):
    for parent, folders, files in os.walk(tree):
        for name in (*folders, *files):
            os.utime(os.path.join(parent, name), (epoch, epoch), follow_symlinks=False)
    os.utime(tree, (epoch, epoch))
