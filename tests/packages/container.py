"""A clean Debian 12 root with systemd as its first process, in namespaces and a control group of its own."""
import os
import pathlib
import re
import shutil
import subprocess
import time

# What systemd itself and the maintainer scripts need; what the packages need comes with them.
BASE = ("systemd", "systemd-sysv", "dbus", "udev", "init-system-helpers", "iproute2", "curl", "procps")
# Memory devices by their minor number (linux/Documentation/admin-guide/devices.txt).
DEVICES = {"null": 3, "zero": 5, "full": 7, "random": 8, "urandom": 9}


class Missing(Exception):
    """This machine cannot run it; says why."""


def require_tools():
    if os.geteuid() != 0:
        raise Missing("it needs root")
    for tool in ("mmdebstrap", "unshare", "nsenter"):
        if not shutil.which(tool):
            raise Missing(f"{tool} is not installed")


def make_root(folder, packages):
    """Debian 12 from the sources that this machine has, with `packages`. A tree in `folder`."""
    sources = [str(path) for path in (pathlib.Path("/etc/apt/sources.list"), *pathlib.Path("/etc/apt/sources.list.d").glob("*.sources")) if path.is_file()]
    settings = [f"--aptopt={path}" for path in sorted(pathlib.Path("/etc/apt/apt.conf.d").iterdir()) if re.search(r"proxy|registry", path.name)]
    done = subprocess.run(["mmdebstrap", "--variant=minbase", "--mode=root", "--aptopt=APT::Sandbox::User \"root\"", *settings,
                           f"--include={','.join((*BASE, *packages))}", "bookworm", str(folder), *sources],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=1500)
    if done.returncode != 0:
        raise Missing(f"mmdebstrap made no Debian 12 root: {done.stderr.strip().splitlines()[-1:]}")


class Container:
    """A running system. `run` runs a command in it."""

    def __init__(self, root, name):
        self.root = pathlib.Path(root)
        self.group = self.make_group(name)
        # Devices of its own: a getty changes owner and mode of its console, and a bound /dev/null would be this machine's.
        script = f"""
set -e
echo 0 > {self.group}/cgroup.procs
exec unshare --mount --pid --ipc --uts --net --cgroup --fork --kill-child -- sh -e -c '
  mount --make-rprivate /
  mount --bind {root} {root}
  mount -t proc proc {root}/proc
  mount -t sysfs -o ro sys {root}/sys
  mount -t cgroup2 cgroup2 {root}/sys/fs/cgroup
  mount -t tmpfs -o mode=755 dev {root}/dev
  mkdir {root}/dev/pts {root}/dev/shm
  mount -t devpts -o newinstance,ptmxmode=0666 devpts {root}/dev/pts
  ln -s pts/ptmx {root}/dev/ptmx
  {"; ".join(f"mknod -m 666 {root}/dev/{name} c 1 {minor}" for name, minor in DEVICES.items())}
  mknod -m 600 {root}/dev/console c 1 3
  mount -t tmpfs -o mode=755 run {root}/run
  cd {root}
  mkdir -p old
  pivot_root . old
  umount -l old
  exec env -i container=riverlight PATH=/usr/sbin:/usr/bin /lib/systemd/systemd --log-target=journal
'"""
        self.process = subprocess.Popen(["sh", "-c", script], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.first = self.wait_for("its first process", self.find_first, 30)
        self.wait_for("the end of its start", lambda: self.run("systemctl", "is-system-running").stdout.strip() in ("running", "degraded"), 120)

    @staticmethod
    def make_group(name):
        """A control group of version 2; the file system is mounted if no one did."""
        for line in pathlib.Path("/proc/mounts").read_text().splitlines():
            if line.split()[2] == "cgroup2":
                group = pathlib.Path(line.split()[1]) / name
                break
        else:
            point = pathlib.Path("/run/riverlight-cgroup2")
            point.mkdir(exist_ok=True)
            if subprocess.run(["mount", "-t", "cgroup2", "none", str(point)], capture_output=True).returncode != 0:
                raise Missing("control groups of version 2 cannot be mounted")
            group = point / name
        try:
            group.mkdir(exist_ok=True)
        except OSError as why:
            raise Missing(f"no control group can be made: {why}") from why
        return group

    def wait_for(self, what, found, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise Missing(f"systemd ended here: {self.process.stderr.read()[-300:]}")
            if value := found():
                return value
            time.sleep(0.1)
        raise AssertionError(f"{what} did not come within {seconds} s")

    def find_first(self):
        """The process outside that is number 1 inside."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for child in children:
            command = pathlib.Path(f"/proc/{child}/cmdline").read_bytes()
            if b"systemd" in command and b"unshare" not in command and b"sh\0" not in command:
                return int(child)
        return None

    def run(self, *words, **options):
        options.setdefault("timeout", 120)
        return subprocess.run(["nsenter", "--target", str(self.first), "--mount", "--pid", "--ipc", "--uts", "--net", "--cgroup", "--root", "--wd", "--",
                               "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", "LANG=C.UTF-8", *words],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)

    def said(self, *words):
        done = self.run(*words)
        assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def close(self):
        self.process.kill()  # --kill-child ends all of it
        self.process.wait()
        for _ in range(100):
            left = [folder for folder, _, _ in os.walk(self.group, topdown=False)]
            try:
                for folder in left:
                    os.rmdir(folder)
                return
            except OSError:
                time.sleep(0.1)
