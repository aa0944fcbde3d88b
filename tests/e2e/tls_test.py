"""A channel over HTTPS with a wrong certificate (case 21), and a redirect from HTTPS to HTTP (case 22).

  tls_test.py BIN: the programs' folder.
"""
import http.server
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest

BIN = pathlib.Path(sys.argv[1])


def openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, timeout=60)


class Server:
    """Serves a folder over TLS with one certificate, or redirects every request to another address; counts the requests."""

    def __init__(self, folder, certificate=None, send_to=None):
        asked = self.asked = []

        class Handler(http.server.SimpleHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                if not send_to:
                    return super().do_GET()
                self.send_response(302)
                self.send_header("Location", send_to + self.path)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), lambda *a: Handler(*a, directory=folder))
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
        self.port = self.http.server_address[1]
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()


class TlsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        for name in ("ours", "theirs"):
            openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", f"/CN={name}",
                    "-keyout", cls.folder / f"{name}.key", "-out", cls.folder / f"{name}.pem")
        cls.certificate("good", "ours", "DNS:localhost", 30)
        cls.certificate("stranger", "theirs", "DNS:localhost", 30)
        cls.certificate("other-name", "ours", "DNS:channel.example", 30)
        cls.certificate("past", "ours", "DNS:localhost", -1)
        cls.keys, cls.tree = cls.folder / "keys", cls.folder / "tree"
        cls.run_command("channel", "init", "--unprotected", "--keys", cls.keys, "--out", cls.tree)
        source = cls.folder / "source"
        source.mkdir()
        (source / "channel.toml").write_text('format = 1\nname = "Test"\n')
        cls.run_command("channel", "publish", "--source", source, "--keys", cls.keys, "--out", cls.tree)

    @classmethod
    def certificate(cls, name, authority, alternative, days):
        base = cls.folder / name
        (base.with_suffix(".ext")).write_text(f"subjectAltName={alternative}\n")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=channel", "-keyout", f"{base}.key",
                "-out", f"{base}.csr")
        openssl("x509", "-req", "-in", f"{base}.csr", "-CA", cls.folder / f"{authority}.pem", "-CAkey", cls.folder / f"{authority}.key",
                "-CAcreateserial", "-days", days, "-extfile", f"{base}.ext", "-out", f"{base}.crt")
        (cls.folder / f"{name}.chain").write_text((cls.folder / f"{name}.key").read_text() + (cls.folder / f"{name}.crt").read_text())

    @staticmethod
    def run_command(*words, code=0):
        done = subprocess.run([str(w) for w in (BIN / "riverlight", *words)], capture_output=True, text=True, timeout=60)
        if done.returncode != code:
            raise AssertionError(f"{words} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        return done.stdout + done.stderr

    def server(self, certificate=None, send_to=None):
        server = Server(self.tree, self.folder / f"{certificate}.chain" if certificate else None, send_to)
        self.addCleanup(server.close)
        return server

    def refresh(self, port, code):
        trust = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        self.run_command("tuf", "--metadata-dir", trust, "init", self.tree / "metadata/1.root.json")
        return self.run_command("tuf", "--metadata-dir", trust, "--metadata-url", f"https://localhost:{port}/metadata", "--ca-file",
                                self.folder / "ours.pem", "refresh", code=code)

    def test_case_21_a_good_certificate_is_accepted(self):
        self.assertIn("snapshot 1", self.refresh(self.server("good").port, 0))

    def test_case_21_a_wrong_authority_name_or_date_is_refused_without_fallback(self):
        for certificate in ("stranger", "other-name", "past"):
            server = self.server(certificate)
            self.assertIn("cannot fetch https://", self.refresh(server.port, 1), certificate)
            self.assertEqual(server.asked, [], f"{certificate}: no request was sent to it")

    def test_case_21_plain_http_on_an_https_address_is_refused(self):
        plain = self.server()
        self.assertIn("cannot fetch https://", self.refresh(plain.port, 1))
        self.assertEqual(plain.asked, [])

    def test_case_22_a_redirect_from_https_to_http_is_refused(self):
        plain = self.server()
        server = self.server("good", send_to=f"http://localhost:{plain.port}")
        self.assertIn("is not followed", self.refresh(server.port, 1))
        self.assertEqual(plain.asked, [])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
