#!/usr/bin/python3
"""A player that shows nothing: writes down its command line and what it is told, and gives signs of life.

Stands where riverlight-player would; both files lie beside its own link: `told.jsonl`, a line each.
"""
import json
import pathlib
import select
import socket
import sys

told = pathlib.Path(sys.argv[0]).with_name("told.jsonl")


def note(line):
    with open(told, "a") as out:
        out.write(line + "\n")


def main():
    note(json.dumps({"type": "words", "words": sys.argv[1:]}))
    daemon = socket.socket(fileno=int(sys.argv[sys.argv.index("--cue-fd") + 1]))
    daemon.setblocking(True)
    frames, rest = 0, b""
    while True:
        frames += 10
        daemon.sendall(json.dumps({"type": "health", "frames": frames, "on_slate": True}).encode() + b"\n")
        if not select.select([daemon], [], [], 0.4)[0]:
            continue
        got = daemon.recv(65536)
        if not got:
            return
        *lines, rest = (rest + got).split(b"\n")
        for line in lines:
            note(line.decode())
            if json.loads(line)["type"] == "quit":
                return


if __name__ == "__main__":
    main()
