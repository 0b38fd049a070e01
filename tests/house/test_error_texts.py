"""Every code that is raised has its words, every word is used, and every {name} in them is given.

A person who is refused reads resources/teks/galat/*.toml and nothing else; so this is read from the sources.
"""

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "ktpel_desktop"
TEXTS = ROOT / "resources" / "teks" / "galat"

ERRORS = {"KtpelError", "PolicyError", "DeviceError", "GatewayError", "StoreError"}
PARTS = ("judul", "teks", "langkah", "siapa")
CODE = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z0-9]+(_[a-z0-9]+)*")

NOT_LITERAL = {
    "ktpel_desktop/ui/messages.py:message_for_code": "shows the words of a code that a result carries",
}
"""Where a code need not be a literal, and why."""


@dataclass(frozen=True)
class Raised:
    """One place that makes an error. `params` is None where they are not told one by one (`**`)."""

    place: str
    function: str
    code: str | None
    params: frozenset[str] | None


def raised_in(source: str, place: str) -> Iterator[Raised]:
    """Every call of an error class, raised at once or returned to be raised."""
    yield from _calls(ast.parse(source), place, "<module>")


def _calls(node: ast.AST, place: str, function: str) -> Iterator[Raised]:
    for child in ast.iter_child_nodes(node):
        inside = child.name if isinstance(child, ast.FunctionDef) else function
        if isinstance(child, ast.Call) and _name(child.func) in ERRORS:
            yield _raised(child, f"{place}:{child.lineno}", f"{place}:{function}")
        yield from _calls(child, place, inside)


def _name(called: ast.expr) -> str:
    return called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")


def _raised(call: ast.Call, place: str, function: str) -> Raised:
    first = call.args[0] if call.args else None
    code = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
    names = [keyword.arg for keyword in call.keywords if keyword.arg != "effect"]
    params = None if None in names else frozenset(name for name in names if name)
    return Raised(place, function, code, params)


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def all_raised() -> list[Raised]:
    return [
        raised
        for path in sources()
        for raised in raised_in(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())
    ]


def literals() -> set[str]:
    """Every text in the package that may be a code: raised, or carried by a result and shown later."""
    return {
        node.value
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def entries() -> list[tuple[str, str, dict[str, object]]]:
    return [
        (path.name, code, entry)
        for path in sorted(TEXTS.glob("*.toml"))
        for code, entry in tomllib.loads(path.read_text(encoding="utf-8")).items()
    ]


def words() -> dict[str, dict[str, object]]:
    return {code: entry for _, code, entry in entries()}


def wanted_params(entry: dict[str, object]) -> set[str]:
    texts = [text for text in entry.values() if isinstance(text, str)]
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name is not None}


# ------------------------------------------------------------------ the reader of the sources itself


@pytest.mark.parametrize(
    ("source", "code", "params"),
    [
        ('raise PolicyError("a.b")', "a.b", set()),
        ('raise errors.DeviceError("a.b", Effect.UNKNOWN, tag=1)', "a.b", {"tag"}),
        ('return StoreError("a.b", berkas=path.name)', "a.b", {"berkas"}),
        ('raise GatewayError("a.b", effect=Effect.DONE)', "a.b", set()),
        ("raise PolicyError(code)", None, set()),
        ('raise PolicyError(f"a.{b}")', None, set()),
        ("raise PolicyError()", None, set()),
        ('raise PolicyError("a.b", **params)', "a.b", None),
    ],
)
def test_a_raise_is_read_with_its_code_and_parameters(
    source: str, code: str | None, params: set[str] | None
) -> None:
    (found,) = raised_in(f"def act():\n    {source}\n", "x.py")
    assert (found.place, found.function) == ("x.py:2", "x.py:act")
    assert found.code == code
    assert found.params == params


def test_other_exceptions_are_left_alone() -> None:
    assert not list(raised_in('raise ValueError("a.b")\nclass PolicyError(KtpelError): pass', "x.py"))


# ------------------------------------------------------------------ the sources and the words


def test_every_code_is_a_literal_so_that_its_words_can_be_proved() -> None:
    built = [
        raised.place for raised in all_raised() if raised.code is None and raised.function not in NOT_LITERAL
    ]
    assert not built


def test_every_code_says_its_subject_and_what_is_wrong() -> None:
    odd = {raised.code for raised in all_raised() if raised.code and not CODE.fullmatch(raised.code)}
    assert not odd


def test_every_code_that_is_raised_has_its_words() -> None:
    known = words()
    missing = sorted(f"{raised.code} ({raised.place})" for raised in all_raised() if raised.code not in known)
    missing = [line for line in missing if not line.startswith("None ")]
    assert not missing


def test_every_entry_is_used_by_a_code_in_the_package() -> None:
    assert not sorted(set(words()) - literals())


def test_no_code_has_two_entries() -> None:
    files = defaultdict(list)
    for file, code, _ in entries():
        files[code].append(file)
    assert not {code: found for code, found in files.items() if len(found) > 1}


def test_every_entry_is_complete_and_holds_nothing_else() -> None:
    broken = [
        f"{file}: {code}"
        for file, code, entry in entries()
        if tuple(entry) != PARTS
        or not all(isinstance(text, str) and text == text.strip() and text for text in entry.values())
    ]
    assert not broken


def test_every_parameter_of_the_words_is_given_by_every_raise_of_the_code() -> None:
    given: dict[str, list[Raised]] = defaultdict(list)
    for raised in all_raised():
        if raised.code:
            given[raised.code].append(raised)
    wanting = [
        f"{code}: {sorted(lacking)} not given at {raised.place}"
        for code, entry in words().items()
        for raised in given[code]
        if (lacking := wanted_params(entry) - (raised.params or frozenset()))
    ]
    assert not wanting


def test_words_of_a_code_that_no_raise_carries_ask_for_no_parameter() -> None:
    raised = {found.code for found in all_raised()}
    assert not [code for code, entry in words().items() if code not in raised and wanted_params(entry)]


def test_a_parameter_is_a_plain_name() -> None:
    names = {name for entry in words().values() for name in wanted_params(entry)}
    assert not [name for name in names if not name.isidentifier()]


def test_a_title_fits_on_one_line_and_a_text_can_be_read_at_a_glance() -> None:
    long = [
        f"{file}: {code}"
        for file, code, entry in entries()
        if len(str(entry["judul"])) > 60 or max(len(str(entry[part])) for part in ("teks", "langkah")) > 240
    ]
    assert not long


def test_what_has_an_exception_from_the_rule_still_exists() -> None:
    functions = {raised.function for raised in all_raised() if raised.code is None}
    assert not set(NOT_LITERAL) - functions
