"""Fuzzes one target or all of them, guided by what they reach: `python -m tests.fuzz NAME --runs N [--corpus DIR]`.

NAME is one of tests/fuzz/targets.py, `all`, or `planted`, a mistake that must be found. Fails where a target raises,
or takes longer than ten seconds; the input then lies beside the corpus, and `--again FILE` shows what it does without
fuzzing. What was found worth keeping stays in the corpus (build/fuzz/NAME), from which the next run begins.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib
import io
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).parents[2]
UNDER_TEST = ("ktpel_desktop.core", "ktpel_desktop.devices.chip")


def load_targets(atheris: Any = None) -> Any:
    """The module of the targets; with atheris, the code under test tells how it is run through."""
    if atheris is None:
        return importlib.import_module("tests.fuzz.targets")
    paths = (path.relative_to(ROOT).with_suffix("") for path in (ROOT / "ktpel_desktop").rglob("*.py"))
    names = {".".join(path.parts).removesuffix(".__init__") for path in paths}
    world = [
        name for name in names if not name.startswith(UNDER_TEST)
    ]  # what a virtual card does is no discovery
    hooks = atheris.instrument_imports(include=["ktpel_desktop"], exclude=world)
    with contextlib.redirect_stderr(io.StringIO()), hooks:
        return importlib.import_module("tests.fuzz.targets")


def sow(corpus: Path, target: Any) -> None:
    """Lay the target's seeds into its corpus."""
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in target.seeds():
        (corpus / hashlib.sha256(seed).hexdigest()[:20]).write_bytes(seed)


def fuzz(name: str, target: Any, runs: int, corpus: Path, atheris: Any) -> None:
    """Run libFuzzer, which ends this process: with 0 where nothing was found."""
    sow(corpus, target)
    options = {
        "runs": runs,
        "max_len": target.most,
        "timeout": 10,
        "rss_limit_mb": 1024,
        "artifact_prefix": corpus.parent / f"{name}-",
        "print_final_stats": 1,
    }
    arguments = [name, *(f"-{option}={value}" for option, value in options.items()), str(corpus)]
    change = target.mutation

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        return bytes(change(bytes(data), most, Random(seed), atheris.Mutate))

    atheris.Setup(arguments, atheris.instrument_func(target.run), custom_mutator=mutate if change else None)
    atheris.Fuzz()


def fuzz_all(names: Sequence[str], runs: int | None) -> int:
    """Every target in its own process; 1 where one of them found something."""
    found = 0
    for name in names:
        command = [sys.executable, "-m", "tests.fuzz", name, *(["--runs", str(runs)] if runs else [])]
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False
        )
        found |= done.returncode
        last = re.findall(r"^#\d+\s+(?:INITED|DONE).*", done.stderr, re.MULTILINE)
        print(f"{name:16} {'FOUND' if done.returncode else 'clean':6} {'  |  '.join(last)}", flush=True)
        if done.returncode:
            print(done.stderr[-4000:], file=sys.stderr, flush=True)
    return int(bool(found))


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 where nothing was found. A single target ends the process itself."""
    parser = argparse.ArgumentParser(prog="tests.fuzz", description="Coverage-guided fuzzing")
    parser.add_argument("name", help="a target, 'all' or 'planted'")
    parser.add_argument("--runs", type=int, help="how many inputs are tried; else about a second's worth")
    parser.add_argument("--corpus", type=Path, help="where it begins and what it adds; else build/fuzz/NAME")
    parser.add_argument("--again", type=Path, metavar="FILE", help="give the target this input once")
    asked = parser.parse_args(arguments)
    atheris: Any = None if asked.again or asked.name == "all" else importlib.import_module("atheris")
    module = load_targets(atheris)
    known = {**module.TARGETS, **module.PLANTED}
    if asked.name != "all" and asked.name not in known:
        parser.error(f"no target {asked.name}: all, {', '.join(known)}")
    if asked.name == "all":
        return fuzz_all(list(module.TARGETS), asked.runs)
    target = known[asked.name]
    if asked.again:
        target.run(asked.again.read_bytes())
        return 0
    corpus = asked.corpus or ROOT / "build" / "fuzz" / asked.name
    fuzz(asked.name, target, asked.runs or target.runs, corpus, atheris)
    return 0


if __name__ == "__main__":
    sys.exit(main())
