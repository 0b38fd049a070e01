"""The shape of the tree: what design.md says about modules, names, tests and what may be written down."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "ktpel_desktop"
MODULES = sorted(PACKAGE.rglob("*.py"))
RINGS = ["core", "services", "store", "devices", "siak", "documents", "ui"]
NAMES_THAT_SAY_NOTHING = {"util", "utils", "helper", "helpers", "common", "base", "manager", "misc"}
TOP_LEVEL = {
    *("ktpel_desktop", "resources", "tests", "pyproject.toml", "installer.nsi", "README.md"),
    *("Makefile", "LICENSE", "requirements.lock", "CHANGELOG.md"),
}


def tracked_files() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git clone, so nothing is tracked")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def test_no_module_is_longer_than_400_lines() -> None:
    files = [*MODULES, *(ROOT / "tests").rglob("*.py")]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in files}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_every_module_has_a_name_that_says_something() -> None:
    files = [*PACKAGE.rglob("*"), *(ROOT / "tests").rglob("*.py")]
    assert [path for path in files if path.stem in NAMES_THAT_SAY_NOTHING] == []


def test_every_module_says_what_it_is() -> None:
    assert [path for path in MODULES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))] == []


def test_every_ring_has_its_tests() -> None:
    filled = [
        ring for ring in RINGS if any(path.stem != "__init__" for path in (PACKAGE / ring).rglob("*.py"))
    ]
    assert [ring for ring in filled if not any((ROOT / "tests" / ring).rglob("test_*.py"))] == []


def test_the_event_loop_is_never_entered_again() -> None:
    """Ruff sees QApplication.processEvents; this sees it on any object, too."""
    calls = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "processEvents"
    ]
    assert calls == []


def test_the_top_level_is_as_agreed() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in tracked_files()}
    assert {name for name in names if not name.startswith(".")} - TOP_LEVEL == set()


def places_in(text: str) -> list[str]:
    """Paths of a machine, addresses of a download, and hosts of a distribution or of a package registry."""
    place = re.escape(f"{ROOT}/") if len(ROOT.parts) > 2 else r"(?!)"
    home = r"/(?:home|Users)/(?!runner)\w+/|(?<![\w.])/(?:root)/"
    download = (
        r"https?://[^ \"]+\.(?:whl|tar\.gz|tgz|deb)\b|--(?:extra-)?index-url"
        r"|github(?:usercontent)?\.com/[^\s\"']*/(?:releases/download|archive|raw)/|python\.org/ftp/"
    )
    distributions = "debian|ubuntu|launchpad(?:content)?|fedoraproject|archlinux|alpinelinux"
    registries = (
        "pypi|pythonhosted|(?:ana)?conda|npmjs|yarnpkg|crates|rubygems|maven|nuget|docker|ghcr|quay"
        r"|pypi\.python|proxy\.golang"
    )
    host = rf"(?i:\b(?:{distributions}|{registries})\.(?:org|com|net|io)\b)"
    return re.findall(f"{place}|{home}|{download}|{host}", text)


@pytest.mark.parametrize(
    "words",  # blanks for slashes and commas for points: this file is looked through, too
    [
        "https www,debian,org doc",
        "http deb,debian,org debian",
        "deb http archive,Ubuntu,com ubuntu noble main",
        "https pypi,org simple",
        "https pypi,python,org simple",
        "https files,pythonhosted,org packages",
        "registry,npmjs,org",
        "conda,anaconda,org",
        "static,crates,io",
        "https github,com owner name releases download v1 part,zip",
        "https example,invalid a,whl",
        " root ,cache",
        " home someone ",
    ],
)
def test_what_may_not_be_written_down_is_seen(words: str) -> None:
    address = words.replace("https ", "https:  ").replace("http ", "http:  ")
    place = address.replace(" ", "/").replace(",", ".")
    assert places_in(f"See <{place}>, please.") != []


@pytest.mark.parametrize(
    "harmless",
    ["https://github.com/owner/name", "/home/runner/", "Debian/Ubuntu packages", "a debian.package"],
)
def test_what_may_be_written_down_is_let_through(harmless: str) -> None:
    assert places_in(harmless) == []


def test_no_machine_path_and_no_download_address_is_written_down() -> None:
    found = {
        str(path.relative_to(ROOT)): places
        for path in tracked_files()
        if (places := places_in(path.read_bytes().decode("utf-8", "ignore")))
    }
    assert found == {}
