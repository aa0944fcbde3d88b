"""A bucket on loopback. Each request that is not a plain GET must be signed: its signature is worked out again by botocore, Amazon's own library."""
import datetime
import hashlib
import http.server
import pathlib
import threading
import urllib.parse

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEY, SECRET, REGION = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "ap-southeast-1"


class Bucket:
    """Serves one bucket, `tree`, from a folder; keeps the order of what was put, and the headers."""

    def __init__(self, folder):
        self.folder, self.put, self.headers, self.removed, self.busy, self.broken = pathlib.Path(folder), [], {}, [], 0, False
        bucket = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, status, body=b"", **headers):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            def refuse(self, status, code, message):
                self.answer(status, f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode(), Content_Type="application/xml")

            def fault(self, body):
                """Why the request is not signed as it must be; None if it is."""
                words = dict(part.strip().split("=", 1) for part in self.headers.get("Authorization", "").removeprefix("AWS4-HMAC-SHA256").split(",") if "=" in part)
                if not words:
                    return "AccessDenied", "no signature"
                key, date, region, service, _ = words["Credential"].split("/")
                if key != KEY:
                    return "InvalidAccessKeyId", "no such key"
                signed = words["SignedHeaders"].split(";")
                if not {"host", "x-amz-date", "x-amz-content-sha256"} <= set(signed):
                    return "AccessDenied", "too few headers are signed"
                if self.headers["x-amz-content-sha256"] != hashlib.sha256(body).hexdigest():
                    return "XAmzContentSHA256Mismatch", "the body has another hash"
                made = datetime.datetime.strptime(self.headers["x-amz-date"], "%Y%m%dT%H%M%SZ")
                if abs((datetime.datetime.utcnow() - made).total_seconds()) > 900:
                    return "RequestTimeTooSkewed", "the clocks differ"
                request = AWSRequest(self.command, f"http://{self.headers['Host']}{self.path}", {name: self.headers[name] for name in signed}, body)
                request.context["timestamp"] = self.headers["x-amz-date"]
                signer = S3SigV4Auth(Credentials(KEY, SECRET), service, region)
                canonical = signer.canonical_request(request)
                if (service, region) != ("s3", REGION) or signer.signature(signer.string_to_sign(request, canonical), request) != words["Signature"]:
                    return "SignatureDoesNotMatch", "The request signature we calculated does not match"
                return None

            def place(self):
                return urllib.parse.unquote(self.path).removeprefix("/tree/")

            def do_PUT(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if bucket.broken:
                    self.close_connection = True
                    return self.connection.close()
                if bucket.busy > 0:
                    bucket.busy -= 1
                    return self.refuse(503, "SlowDown", "Please reduce your request rate.")
                fault = self.fault(body)
                if fault:
                    return self.refuse(403, *fault)
                path = bucket.folder / self.place()
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(body)
                bucket.put.append(self.place())
                bucket.headers[self.place()] = {name: self.headers[name] for name in ("Content-Type", "Cache-Control")}
                self.answer(200)

            def do_DELETE(self):
                fault = self.fault(b"")
                if fault:
                    return self.refuse(403, *fault)
                (bucket.folder / self.place()).unlink(missing_ok=True)
                bucket.removed.append(self.place())
                self.answer(204)

            def do_GET(self):
                path = bucket.folder / self.place()
                if not path.is_file():
                    return self.refuse(404, "NoSuchKey", "there is none")
                self.answer(200, path.read_bytes(), **{name.replace("-", "_"): value for name, value in bucket.headers[self.place()].items()})

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
