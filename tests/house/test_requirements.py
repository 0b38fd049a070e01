"""The lock: hashes for everything, no address, Windows too, and licences that let the program be given away."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

ENTRIES = re.findall(r"^([a-z0-9._-]+)==\S+(.*(?:\n .*)*)", LOCK, re.MULTILINE | re.IGNORECASE)
LOCKED = {canonicalize_name(name): rest for name, rest in ENTRIES}


def test_every_pin_has_hashes() -> None:
    assert LOCKED
    assert [name for name, rest in LOCKED.items() if "--hash=sha256:" not in rest] == []


def test_the_lock_names_no_address() -> None:
    assert re.findall(r"\S*://\S*|^-\S+", LOCK, re.MULTILINE) == []


def test_the_lock_holds_what_the_project_asks_for() -> None:
    asked = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    wanted = {canonicalize_name(Requirement(line).name): Requirement(line).specifier for line in asked}
    pinned = {
        canonicalize_name(name): version
        for name, version in re.findall(r"^(\S+?)==(\S+)", LOCK, re.MULTILINE)
    }
    assert {
        name for name, specifier in wanted.items() if name not in pinned or pinned[name] not in specifier
    } == set()


def test_the_lock_serves_windows() -> None:
    assert "sys_platform == 'win32'" in LOCKED[canonicalize_name("colorama")]


def test_no_runtime_dependency_is_gpl_only() -> None:
    seen: set[str] = set()
    waiting = [Requirement(line) for line in PROJECT["dependencies"]]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in seen or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        seen.add(name)
        waiting += map(Requirement, metadata.requires(name) or [])
    assert {name: terms for name in sorted(seen) if (terms := _gpl_only(metadata.metadata(name)))} == {}
    assert len(seen) > len(PROJECT["dependencies"])


def _gpl_only(about: metadata.PackageMetadata) -> list[str]:
    """The licence terms of a package when each of them is the GPL, else nothing."""
    expressions = (
        [about["License-Expression"]] if "License-Expression" in about else about.get_all("License") or []
    )
    if sum(map(len, expressions)) > 200:  # some packages put the whole text there; its first line names it
        expressions = [text.strip().splitlines()[0] for text in expressions]
    classifiers = [line for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
    terms = [term for text in [*expressions, *classifiers] for term in re.split(r"\bOR\b", text)]
    gpl = re.compile(r"(?<![A-Za-z])A?GPL|(?<!Lesser )(?<!Library )General Public License", re.IGNORECASE)
    return terms if terms and all(gpl.search(term) for term in terms) else []
