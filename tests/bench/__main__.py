"""Measures every figure, or those whose name begins as asked: `python -m tests.bench [NAME] [--runs N]`.

Writes bench.json into the working folder. Databases lie in build/bench, on the disk of this checkout, and are
removed afterwards.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench import (
    bandwidth,
    chip,
    face,
    journal,
    machine,
    measure,
    queue,
    report,
    room,
    siak,
    start,
    throughput,
)
from tests.bench.measure import Figure

ROOT = Path(__file__).parents[2]
Measure = Callable[[Path, int | None], list[Figure]]

GROUPS: dict[tuple[str, ...], Measure] = {
    ("start.wall", "start.rss", "start.rss_at_work"): start.measure,
    ("face.render", "face.render_600"): face.measure,
    ("chip.encode", "chip.apdus"): chip.measure,
    ("card.throughput",): throughput.measure,
    ("journal.card",): journal.measure,
    ("report.daily",): report.measure_pdf,
    ("report.period",): report.measure_period,
    ("siak.lookup",): siak.measure,
    (
        "queue.first_page.sqlite",
        "queue.find_number.sqlite",
        "queue.find_nik.sqlite",
        "queue.find_name.sqlite",
    ): queue.measure,
    ("report.linear", "report.memory"): report.measure_linear,
    ("room.check",): room.measure,
    ("bandwidth.error", "bandwidth.bytes", "bandwidth.seconds"): bandwidth.measure,
}


def measure_all(asked: str, runs: int | None, out: Path) -> list[Figure]:
    """The figures whose names begin with `asked`, written to `out`."""
    figures: list[Figure] = []
    place = ROOT / "build"
    place.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=place) as scratch:
        facts = machine.facts(Path(scratch), start.display_name())
        for names, group in GROUPS.items():
            if any(name.startswith(asked) for name in names):
                folder = Path(scratch) / names[0]
                folder.mkdir()
                print(f"measuring {', '.join(names)} …", file=sys.stderr)
                figures += [one for one in group(folder, runs) if one.name.startswith(asked)]
                shutil.rmtree(folder)
    measure.write(out, facts, figures)
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 whatever the figures are: a missed target is read, not raised."""
    parser = argparse.ArgumentParser(prog="tests.bench", description="Speed and size against bare peers")
    parser.add_argument("name", nargs="?", default="", help="a figure, or how its name begins")
    parser.add_argument("--runs", type=int, help="pairs of samples per figure instead of each figure's own")
    parser.add_argument("--out", type=Path, default=Path("bench.json"))
    asked = parser.parse_args(arguments)
    if not any(name.startswith(asked.name) for names in GROUPS for name in names):
        parser.error(f"no figure begins with {asked.name}: {', '.join(n for names in GROUPS for n in names)}")
    figures = measure_all(asked.name, asked.runs, asked.out)
    print(measure.table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
