#!/usr/bin/python3
"""A player without output, used instead of riverlight-player: it records its command line and every command, and sends health messages.

It writes them to `told.jsonl` beside the link it was started by, one line each.
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
