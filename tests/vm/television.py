"""A television on an HDMI-CEC line, in the guest: `television.py /dev/cec0`. Prints its state changes on standard output.

Requests and structures are those of linux/cec.h. It turns on and goes to standby on request, and answers requests for its power state.
"""
import fcntl
import struct
import sys

IMAGE_VIEW_ON, TEXT_VIEW_ON, STANDBY, ACTIVE_SOURCE, GIVE_POWER, REPORT_POWER = 0x04, 0x0D, 0x36, 0x82, 0x8F, 0x90
LOG_ADDRS = struct.Struct("=4sHBBII15s4s4s4s48sx")
MESSAGE = struct.Struct("=QQIIII16sBBBBBBBx")
STATES = ("on", "standby")


def request(direction, number, size):
    return direction << 30 | size << 16 | ord("a") << 8 | number


S_LOG_ADDRS = request(3, 4, LOG_ADDRS.size)
TRANSMIT, RECEIVE = request(3, 5, MESSAGE.size), request(3, 6, MESSAGE.size)
S_MODE = request(1, 9, 4)


def main():
    line = open(sys.argv[1], "r+b", buffering=0)
    # A television (primary type and address type 0) of CEC 1.4 (5), whose follower this is (mode 0x11).
    fcntl.ioctl(line, S_LOG_ADDRS, LOG_ADDRS.pack(bytes(4), 0, 5, 1, 0xFFFFFFFF, 0, b"Television", bytes(4), bytes(4), bytes(4), bytes(48)))
    fcntl.ioctl(line, S_MODE, struct.pack("=I", 0x11))
    state = "standby"
    print("television:", state, flush=True)
    while True:
        got = bytearray(MESSAGE.pack(0, 0, 0, 0, 0, 0, bytes(16), 0, 0, 0, 0, 0, 0, 0))
        fcntl.ioctl(line, RECEIVE, got)
        fields = MESSAGE.unpack(got)
        length, said = fields[2], fields[6]
        if length < 2:
            continue
        before = state
        if said[1] in (IMAGE_VIEW_ON, TEXT_VIEW_ON):
            state = "on"
        if said[1] == STANDBY:
            state = "standby"
        if said[1] == ACTIVE_SOURCE:
            print(f"television: shows {said[2]:02x}{said[3]:02x}", flush=True)
        if state != before:
            print("television:", state, flush=True)
        if said[1] == GIVE_POWER:
            answer = bytes([said[0] >> 4, REPORT_POWER, STATES.index(state)])
            fcntl.ioctl(line, TRANSMIT, MESSAGE.pack(0, 0, len(answer), 0, 0, 0, answer.ljust(16, b"\0"), 0, 0, 0, 0, 0, 0, 0))


if __name__ == "__main__":
    main()
