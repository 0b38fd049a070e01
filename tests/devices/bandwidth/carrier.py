"""Carries IP packets between a TUN device here and one in another network namespace, later and not all of them.

`carrier.py NAMESPACE SECONDS LOSS`: one way takes so many seconds, and so large a share of packets is lost.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import random
import select
import struct
import sys
import time
from collections import deque

TUNSETIFF, IFF_TUN, IFF_NO_PI, CLONE_NEWNET = 0x400454CA, 0x0001, 0x1000, 0x40000000


def tun(name: str) -> int:
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return device


def carry(here: int, there: int, seconds: float, loss: float) -> None:
    chance = random.Random(7)
    other = {here: there, there: here}
    waiting: deque[tuple[float, int, bytes]] = deque()  # one delay for all: first in, first out
    while True:
        left = max(0.0, waiting[0][0] - time.monotonic()) if waiting else 1.0
        for device in select.select([here, there], [], [], left)[0]:
            packet = os.read(device, 65536)
            if chance.random() >= loss:
                waiting.append((time.monotonic() + seconds, other[device], packet))
        while waiting and waiting[0][0] <= time.monotonic():
            _, device, packet = waiting.popleft()
            try:
                os.write(device, packet)
            except OSError:  # the device is down
                continue


def main(namespace: str, seconds: str, loss: str) -> None:
    here = tun("ta")
    with open(namespace, "rb") as other:  # noqa: PTH123
        if ctypes.CDLL(None, use_errno=True).setns(other.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")
    there = tun("tb")
    print("ready", flush=True)
    carry(here, there, float(seconds), float(loss))


if __name__ == "__main__":
    main(*sys.argv[1:4])
