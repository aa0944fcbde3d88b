"""A small signed channel whose tree a board reads by HTTP, and its update bundles."""
import functools
import http.server
import pathlib
import re
import shutil
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
import one_board  # noqa: E402
from support import wait_for  # noqa: E402

PROJECT = pathlib.Path(__file__).resolve().parents[2]


class Files(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        """Nobody reads it."""

    def do_GET(self):
        """A file, or what is asked of it from a byte on: boards go on with what they have."""
        path = pathlib.Path(self.translate_path(self.path))
        if not path.is_file():
            return self.send_error(404)
        size, asked = path.stat().st_size, re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        begin = min(int(asked[1]), size) if asked else 0
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(size - begin))
        if asked:
            self.send_header("Content-Range", f"bytes {begin}-{size - 1}/{size}")
        self.send_header("ETag", f'"{path.stat().st_mtime_ns}"')  # without one a board begins again
        self.end_headers()
        with open(path, "rb") as file:
            file.seek(begin)
            try:
                shutil.copyfileobj(file, self.wfile, 1 << 16)
            except ConnectionError:
                pass  # the board's power was cut, or it looks at the channel again


class Channel:
    """Has one segment, which a filler airs always. Serves it on loopback, at `port`, until `close`."""

    def __init__(self, programs, folder):
        self.programs, self.folder = programs, folder
        # A minute's item with a small picture: the emulated processor has other work, too.
        self.tree = one_board.make_channel(programs, PROJECT, folder, ["fair-work"], ["fair-work"], ("--ladder", "360p"), seconds=60)
        places = folder / "source/countries/kh/places.toml"
        name = f'id = "{one_board.PLACE}"\n'
        places.write_text(places.read_text().replace(name, name + 'picture = { height = 360, codecs = ["h264"] }\n'))
        one_board.publish(programs, folder)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files, directory=str(self.tree)))
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def image(self, *words):
        """`riverlight channel image`, published."""
        subprocess.run([str(w) for w in (self.programs / "riverlight", "channel", "image", *words, "--source", self.folder / "source")], check=True, capture_output=True, timeout=120)
        one_board.publish(self.programs, self.folder)

    def offer(self, bundle):
        """Every board is to have it, as soon as it can."""
        self.image("add", bundle, "--share", "100", "--within-days", "0")

    def take_back(self):
        """No version is offered any more."""
        listed = one_board.run(self.programs / "riverlight", "channel", "image", "list", "--source", self.folder / "source").stdout
        for version in re.findall(r"\d+\.\d+\.\d+\+\d+", listed):
            self.image("remove", version)

    def flip_served_bundle(self):
        """Changes one bit of the one bundle that is offered where boards fetch it."""
        served = max(self.tree.rglob("*.raucb"), key=lambda path: path.stat().st_ctime_ns)
        with open(served, "r+b") as file:
            file.seek(served.stat().st_size // 2)
            byte = file.read(1)
            file.seek(-1, 1)
            file.write(bytes((byte[0] ^ 1,)))

    def root(self):
        """What a board trusts the channel by."""
        return self.tree / "metadata/1.root.json"

    def fetch(self, os_release, state):
        """Has a riverlightd of this computer follow the channel, with another board's os-release, until it has the update that it is to have: its state
        is then what that board's would be."""
        root = self.folder / "fetching"
        shutil.rmtree(root, ignore_errors=True)
        (root / "etc").mkdir(parents=True)
        shutil.copy(os_release, root / "etc/os-release")
        config = one_board.write_settings(root / "board.toml", state, self.tree)
        board = one_board.Board([self.programs / "riverlightd", "--config", config, "--sysroot", root], root / "log")
        try:
            wait_for("the bundle", lambda: ((board.status() or {}).get("system") or {"update": {}})["update"].get("state") == "ready", 120)
        finally:
            board.stop()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
