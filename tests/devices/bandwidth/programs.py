"""Both ends of a line test as programs of their own: `programs.py server HOST [PORT]`,
`programs.py client HOST WAIT [PORT]`, `programs.py once HOST [PORT]`.

The client prints one line of JSON: its runs, or the code with which it failed.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.devices.bandwidth.client import Target
from ktpel_desktop.devices.bandwidth.line_test import LineSensor, LineTest
from ktpel_desktop.devices.bandwidth.protocol import PORT
from ktpel_desktop.devices.bandwidth.server import serve


def told(test: LineTest) -> dict[str, object]:
    both = {
        direction: {
            "mbps": one.mbps,
            "confidence": one.confidence,
            "at_least": one.at_least,
            "seconds": one.seconds,
        }
        for direction, one in (("down", test.run.down), ("up", test.run.up))
        if one is not None
    }
    idle = asdict(test.idle) if test.idle else None
    loaded = [test.loaded_down_ms, test.loaded_up_ms]
    return {
        **both,
        "moved": test.moved,
        "seconds": test.seconds,
        "idle": idle,
        "loaded": loaded,
        "own": test.own_mbps,
        "evidence": test.evidence,
    }


def client(host: str, wait: float, port: int) -> dict[str, object]:
    try:
        found = LineSensor([Target(host, port, name="uji")], second_run_after=wait).measure()
    except DeviceError as error:
        return {"failed": error.code}
    runs = [told(test) for test in (found.first, found.second) if test is not None]
    return {"status": found.decision.verdict.status, "wording": found.decision.wording, "runs": runs}


def main(role: str, host: str, *more: str) -> None:
    if role == "server":
        serve(host, int(more[0]) if more else PORT, ready=lambda port: print(port, flush=True))
    elif role == "once":
        target = Target(host, int(more[0]) if more else PORT)
        print(json.dumps({"runs": [told(LineSensor([target]).run())]}), flush=True)
    else:
        print(json.dumps(client(host, float(more[0]), int(more[1]) if len(more) > 1 else PORT)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
