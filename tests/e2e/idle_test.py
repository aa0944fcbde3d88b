"""Connections that only stay open, to the office as it is installed: pages and boards are answered all the same.

  idle_test.py BIN: the programs' folder.
"""
import http.client
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

from support import wait_for

BIN = pathlib.Path(sys.argv[1])


class Idle(unittest.TestCase):
    def setUp(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="riverlight-idle-"))
        self.addCleanup(shutil.rmtree, folder)
        log = folder / "office.log"
        with open(log, "wb") as out:
            office = subprocess.Popen([BIN / "riverlight-office", "serve", "--state", folder / "office", "--listen", "127.0.0.1:0"], stdout=out, stderr=out)
        self.addCleanup(lambda: (office.terminate(), office.wait(10)))
        self.port = int(wait_for("the office", lambda: re.search(r"office on port (\d+)", log.read_text())).group(1))
        self.open = []
        self.addCleanup(lambda: [one.close() for one in self.open])

    def connected(self, source="127.0.0.1"):
        one = socket.create_connection(("127.0.0.1", self.port), timeout=10, source_address=(source, 0))
        self.open.append(one)
        return one

    def connection(self):
        one = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        self.addCleanup(one.close)
        one.connect()
        return one

    def report(self, connection):
        """A health report of a board that is not known, over a connection that is kept; the answer's status."""
        connection.sock.sendall(b"PUT /v1/boards/x/health HTTP/1.1\r\nHost: office\r\nContent-Length: 2\r\n\r\n{}")
        answer = http.client.HTTPResponse(connection.sock)
        answer.begin()
        answer.read()
        return answer.status

    def page(self):
        connection = self.connection()
        connection.request("GET", "/sign-in")
        return connection.getresponse().status

    def test_case_68_idle_connections_close_the_office_for_nobody(self):
        board = self.connection()
        self.assertEqual(self.report(board), 403)
        for say in (b"", b"GET /sign-in HTTP/1.1\r\nHost: off", b"PUT /v1/boards/x/health HTTP/1.1\r\nHost: office\r\nContent-Length: 9\r\n\r\n{"):
            for i in range(700):
                self.connected(f"127.0.0.{2 + i % 9}").sendall(say)
            self.assertEqual(self.page(), 200, say)
            self.assertEqual(self.report(self.connection()), 403, say)
            self.assertEqual(self.report(board), 403, "the board's connection is kept")

    def test_boards_keep_more_connections_than_people_may(self):
        boards = []
        for _ in range(600):
            boards.append(self.connection())
            self.assertEqual(self.report(boards[-1]), 403)
        self.assertEqual(self.page(), 200)
        self.assertEqual([self.report(board) for board in boards], [403] * 600, "none was closed")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
