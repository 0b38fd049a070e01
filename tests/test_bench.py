"""`make bench` writes what design.md 12 asks for. Nothing here looks at how long anything took."""

import json
from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.bench import queue

KEYS = {"name", "value", "unit", "peer", "peer_value", "ratio", "target", "spread", "runs"}


def test_a_figure_is_written_with_its_peer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "bench.json"
    assert bench.main(["face.render", "--runs", "1", "--out", str(out)]) == 0
    written = json.loads(out.read_text("utf-8"))
    figure, _ = written["figures"]
    assert figure.keys() >= KEYS
    assert figure["name"] == "face.render"
    assert figure["value"] > 0 < figure["peer_value"]
    assert figure["ratio"] == pytest.approx(figure["value"] / figure["peer_value"], rel=0.01)
    assert figure["spread"].keys() == {"value", "peer", "ratio"}
    assert {"cpu", "cores", "disk", "python"} <= written["machine"].keys()
    assert "face.render" in capsys.readouterr().out


def test_the_bulk_history_is_found_by_every_way_of_asking(tmp_path: Path) -> None:
    figures = queue.measure(tmp_path, 1, 3_000)
    assert [one.facts["rows"] for one in figures] == [200, 10, 1, 1]


def test_an_unknown_figure_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(["nothing"])
    assert "face.render" in capsys.readouterr().err
