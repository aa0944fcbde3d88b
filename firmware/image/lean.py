"""Takes away what no program on a board loads (unused.txt), and proves that the programs still have all that they load."""
import pathlib
import re
import shutil
import tempfile

from root import HERE, Failed, read_list, run

LIBRARIES = "usr/lib/x86_64-linux-gnu"


def make_lean(tree):
    for pattern in read_list(HERE / "unused.txt", "files"):
        found = sorted(tree.glob(pattern))
        if not found:
            raise Failed(f"unused.txt: {pattern} names nothing in the root: correct or remove that line")
        for path in found:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    libraries = [path for path in sorted((tree / LIBRARIES).glob("*.so*")) if path.is_file() and not path.is_symlink()]
    needs = dict(zip(libraries, run("sh", "-c", 'for path; do readelf -d "$path" | grep NEEDED | tr "\\n" " "; echo; done', "sh", *libraries).split("\n")))
    for name in read_list(HERE / "unused.txt", "stubs"):
        make_stub(tree, name, [path for path in libraries if f"[{name}]" in needs[path]])
    check_libraries(tree)


def symbols_of(path, which):
    """Name, kind (as nm says it) and version of a library's symbols; `which`: defined or undefined."""
    said = run("nm", "--dynamic", f"--{which}-only", path)
    return {(found[2], found[1], found[3] or "") for line in said.splitlines() if (found := re.match(r"[0-9a-f ]* ?([A-Za-z]) ([^@\s]+)(?:@+(\S+))?$", line))}


def make_stub(tree, name, users):
    """Puts a library without content in the place of one: the functions that its users use of it, by name."""
    target = tree / LIBRARIES / name
    defined = {symbol: (kind, version) for symbol, kind, version in symbols_of(target, "defined")}
    used = {symbol for path in users for symbol, _, _ in symbols_of(path, "undefined") if symbol in defined}
    wrong = sorted(symbol for symbol in used if defined[symbol][0] not in "TWi" or defined[symbol][1])
    if wrong or not used:
        raise Failed(f"unused.txt: {name} cannot be a stub: " + (f"{', '.join(wrong)} is data or has a version" if wrong else "no library in the root needs it: list its files as unused"))
    with tempfile.TemporaryDirectory(prefix="riverlight-stub-") as work:
        source, library = pathlib.Path(work) / "stub.c", pathlib.Path(work) / name
        source.write_text("".join(f"void *{symbol}(void) {{ return 0; }}\n" for symbol in sorted(used)))
        run("cc", "-shared", "-nostdlib", "-fno-builtin", "-w", "-Os", "-s", f"-Wl,-soname,{name}", "-Wl,--build-id=none", "-o", library.name, source.name, cwd=work)
        real = target.resolve()
        target.unlink()
        real.unlink(missing_ok=True)
        shutil.copy(library, target)
        target.chmod(0o644)


def check_libraries(tree):
    """Each program's libraries are there, with each function that these ask for at their start."""
    programs = [path for folder in ("usr/bin", "usr/sbin", "usr/lib/systemd", "usr/lib/riverlight") for path in sorted((tree / folder).glob("*"))
                if path.is_file() and not path.is_symlink() and path.read_bytes()[:4] == b"\x7fELF"]
    said = run("chroot", tree, "sh", "-c", 'for program; do ldd -r "$program" 2>&1 | sed "s|^|$program: |"; done', "sh", *(f"/{path.relative_to(tree)}" for path in programs))
    missing = [line for line in said.splitlines() if re.search(r"not found|undefined symbol|symbol lookup error", line)]
    if missing or len(programs) < 100:
        raise Failed("programs of the root lack what they load: " + "; ".join(missing[:5]) if missing else f"only {len(programs)} programs are in the root")


def sizes(tree, count=16):
    """The packages with the largest files in the root, in bytes before compression, as (name, bytes)."""
    found, seen = [], set()
    for listing in (tree / "var/lib/dpkg/info").glob("*.list"):
        size = 0
        for line in listing.read_text().splitlines():
            path = tree / re.sub(r"^(lib|bin|sbin|lib64)/", r"usr/\1/", line.lstrip("/"))
            if path not in seen and path.is_file() and not path.is_symlink():
                seen.add(path)
                size += path.stat().st_size
        found.append((size, listing.stem.split(":")[0]))
    return [(name, size) for size, name in sorted(found, reverse=True)[:count]]
