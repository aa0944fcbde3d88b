"""Third-party receivers read every output of a feed: Debian's multicat, DVBlast and VLC.

  readers_test.py BIN SOURCE: the programs' folder, the project's folder. A receiver that is not installed is skipped, with one line.
"""
import http.server
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

from support import build_segment, free_port, udp_queues, wait_for

BIN, SOURCE = (pathlib.Path(a) for a in sys.argv[1:3])


def require_programs(*programs):
    for program in programs:
        if not shutil.which(program):
            raise unittest.SkipTest(f"no {program}: its test was not run")


class Readers(unittest.TestCase):
    """One feed of renditions on all outputs at once, each with its own receiver."""

    RECEIVERS = {"udp": "multicat", "rtp": "multicat", "dvblast": "dvblast", "vlc-udp": "vlc", "vlc-rtp": "vlc"}  # one port for each receiver that binds one

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-readers-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        os.chmod(cls.folder, 0o755)
        cls.ports = {name: free_port() for name in ("udp", "rtp", "dvblast", "out", "vlc-udp", "vlc-rtp", "vlc-srt")}
        clip, source, built = cls.folder / "clip.mp4", cls.folder / "source", cls.folder / "built"
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25:duration=4", "-f", "lavfi", "-i", "sine=duration=4", "-pix_fmt", "yuv420p",
                        "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", clip], check=True, timeout=120)
        (source / "en").mkdir(parents=True)
        (source / "en/strings.toml").write_text('title = "Title"\n')
        (source / "segment.toml").write_text('format = 1\nid = "segment"\nfallback = "en"\npicture = "clip.mp4"\n')
        shutil.copy(clip, source)
        build_segment(BIN, source, built, "--profile", "720p25")
        cls.readers, cls.said = [], {}
        cls.read("multicat-udp", "multicat", "-u", f"@127.0.0.1:{cls.ports['udp']}", cls.folder / "udp.ts")
        cls.read("multicat-rtp", "multicat", f"@127.0.0.1:{cls.ports['rtp']}", cls.folder / "rtp.ts")
        (cls.folder / "dvblast.conf").write_text(f"127.0.0.1:{cls.ports['out']}/udp\t1\t1\n")
        cls.out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        cls.out.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        cls.out.bind(("127.0.0.1", cls.ports["out"]))
        cls.out.settimeout(0.2)
        cls.addClassCleanup(cls.out.close)
        cls.read("dvblast", "dvblast", "-D", f"@127.0.0.1:{cls.ports['dvblast']}/udp", "-c", cls.folder / "dvblast.conf")
        (cls.folder / "vlc").mkdir()
        os.chmod(cls.folder / "vlc", 0o777)
        for way in ("udp", "rtp"):
            cls.watch_with_vlc(way, f"{way}://@127.0.0.1:{cls.ports['vlc-' + way]}")
        listening = [cls.ports[port] for port, program in cls.RECEIVERS.items() if shutil.which(program)]
        wait_for("the receivers", lambda: all(port in udp_queues() for port in listening), 60)
        hls = cls.folder / "hls"
        hls.mkdir()
        outputs = [f"udp://127.0.0.1:{cls.ports['udp']}", f"rtp://127.0.0.1:{cls.ports['rtp']}", f"udp://127.0.0.1:{cls.ports['dvblast']}",
                   f"udp://127.0.0.1:{cls.ports['vlc-udp']}", f"rtp://127.0.0.1:{cls.ports['vlc-rtp']}", f"srt://127.0.0.1:{cls.ports['vlc-srt']}?mode=listener",
                   f"hls:{hls}/?seconds=2&window=12"]  # the whole playlist, so that a slow reader falls behind but loses nothing
        feed = subprocess.Popen([BIN / "riverlight", "play", built, built, built, built, *[w for o in outputs for w in ("--outlet", o)], "--profile", "720p25"],
                                stdout=subprocess.DEVNULL)
        collected = []

        def collect():
            while feed.poll() is None:
                try:
                    collected.append(cls.out.recv(65536))
                except socket.timeout:
                    pass
        collector = threading.Thread(target=collect)
        collector.start()
        cls.watch_with_vlc("srt", f"srt://127.0.0.1:{cls.ports['vlc-srt']}")
        if shutil.which("vlc"):
            cls.serve(hls)
            wait_for("an HLS list", (hls / "live.m3u8").exists, 30)
            cls.watch_with_vlc("hls", f"http://127.0.0.1:{cls.http.server_port}/live.m3u8")
        assert feed.wait(120) == 0
        collector.join()
        (cls.folder / "dvblast.ts").write_bytes(b"".join(collected))
        wait_for("the receivers' sockets to be read", lambda: not any(udp_queues().get(port) for port in listening), 30)
        for name, process in cls.readers:
            process.send_signal(signal.SIGINT)
            try:
                cls.said[name] = process.communicate(timeout=20)[0]
            except subprocess.TimeoutExpired:
                process.kill()
                cls.said[name] = process.communicate()[0] + "(did not end)"

    @classmethod
    def read(cls, name, *words):
        if shutil.which(words[0]):
            cls.readers.append((name, subprocess.Popen([str(w) for w in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True)))

    @classmethod
    def watch_with_vlc(cls, way, url):
        """Starts VLC, which demuxes `url` and muxes it again. VLC refuses to run as root, so it runs as another user."""
        if shutil.which("vlc"):
            sout = f"#std{{access=file,mux=ts,dst={cls.folder}/vlc/{way}.ts}}"
            cls.readers.append((f"vlc-{way}", subprocess.Popen(
                ["vlc", "-I", "dummy", "--no-color", "--verbose", "1", "--play-and-exit", "--sout", sout, url], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL, text=True, cwd="/", env=dict(os.environ, HOME=str(cls.folder / "vlc")), user="nobody" if os.getuid() == 0 else None)))

    @classmethod
    def serve(cls, folder):
        class Files(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *words):
                super().__init__(*words, directory=str(folder))

            def log_message(self, *words):
                pass
        cls.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Files)
        threading.Thread(target=cls.http.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.http.server_close)
        cls.addClassCleanup(cls.http.shutdown)

    def packets_of(self, name, seconds):
        stream = (self.folder / name).read_bytes()
        self.assertGreater(len(stream) * 8, seconds * 3_000_000, f"{name} holds {len(stream)} bytes")
        return stream

    def assert_in_order(self, stream):
        last, jumps = {}, 0
        for at in range(0, len(stream) - 187, 188):
            p = stream[at:at + 188]
            self.assertEqual(p[0], 0x47)
            pid = (p[1] & 31) << 8 | p[2]
            if pid != 0x1FFF and p[3] & 16:
                jumps += pid in last and (p[3] & 15) != (last[pid] + 1) % 16
                last[pid] = p[3] & 15
        if jumps and os.getloadavg()[0] > 2 * os.cpu_count():
            self.skipTest(f"{jumps} jumps, on a machine that had other work for its receiver")
        self.assertEqual(jumps, 0)

    def test_multicat_takes_udp_and_rtp(self):
        require_programs("multicat")
        for name in ("udp.ts", "rtp.ts"):
            self.assert_in_order(self.packets_of(name, 12))
            said = [line for line in self.said["multicat-" + name[:3]].splitlines() if re.match("warning|error", line)]
            self.assertEqual([line for line in said if "Interrupted system call" not in line], [], "but for being told to end")

    def test_dvblast_takes_udp_and_forwards_the_service(self):
        require_programs("dvblast")
        said = [line for line in self.said["dvblast"].splitlines() if re.match("warning|error", line) and "restarting" not in line]
        self.assertEqual(said, [])
        self.assertIn('service="Riverlight"', self.said["dvblast"])
        self.assertIn("CUEI", self.said["dvblast"])
        self.assertGreater(len((self.folder / "dvblast.ts").read_bytes()), 4_000_000)

    def test_vlc_plays_every_output_without_warnings(self):
        require_programs("vlc")
        for way in ("udp", "rtp", "srt", "hls"):
            with self.subTest(way):
                said = [line for line in self.said[f"vlc-{way}"].splitlines() if re.search(r" (demux|packetizer|decoder|access|stream)[^:]* (warning|error):", line)]
                self.assertEqual(said, [])
                taken = subprocess.run(["ffprobe", "-v", "error", "-count_packets", "-show_entries", "stream=codec_type,nb_read_packets", "-of", "csv=p=0",
                                        self.folder / f"vlc/{way}.ts"], capture_output=True, text=True, timeout=60).stdout
                packets = {kind: int(count) for kind, count in re.findall(r"(video|audio),(\d+)", taken)}
                self.assertGreater(packets.get("video", 0), 100, taken)
                self.assertGreater(packets.get("audio", 0), 100, taken)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
