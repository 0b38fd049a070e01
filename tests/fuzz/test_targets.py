"""The targets hold for genuine bytes, and each kind of property fails where the program is broken on purpose."""

from __future__ import annotations

import pytest

from ktpel_desktop.core import security_object
from ktpel_desktop.core.card_profile import FileKind
from ktpel_desktop.core.errors import Effect
from ktpel_desktop.core.security_object import FileDigest
from ktpel_desktop.devices.chip import encoder, exchange, opened_card
from ktpel_desktop.devices.chip.scp03 import Scp03
from tests.devices.contract import LOAD
from tests.fuzz.lying import Edit, cut, edits, join
from tests.fuzz.targets import KINDS, TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_genuine_bytes_and_none_at_all_break_nothing(name: str) -> None:
    target = TARGETS[name]
    seeds = list(target.seeds())
    assert seeds
    assert max(map(len, seeds)) <= target.most
    for seed in (*seeds, b""):
        target.run(seed)


def test_bytes_are_parts_and_changes() -> None:
    parts = [b"", b"one", bytes(0x3FF)]
    assert cut(join(parts)) == parts
    assert cut(b"\0\2A") == [b"A"]
    change = Edit(3, 0, 0x0102, b"\xff\xff")
    assert edits(join([change.encode(), b"abc"])) == [change]
    done = [Edit(0, kind, 1, b"  ").on(b"abcd", b"other") for kind in range(7)]
    assert done == [b"aBCd", b"a", b"a  bcd", b"  ", b"ab  ", b"other", b"a  d"]


def flipped(where: int, at: int) -> bytes:
    return join([Edit(where, 0, at, b"\x01").encode()])


def test_a_judge_that_does_not_compare_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    data = flipped(KINDS.index(FileKind.BIODATA), 30)
    TARGETS["judge"].run(data)
    monkeypatch.setattr(FileDigest, "fits", lambda self, data: True)
    with pytest.raises(AssertionError):
        TARGETS["judge"].run(data)


def test_an_object_read_in_two_ways_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = LOAD.files[FileKind.SECURITY_OBJECT]
    found = security_object.decode(whole)
    longer = whole.replace(b"\x77\x82", b"\x77\x83\0", 1)
    assert longer != whole
    TARGETS["security_object"].run(longer)
    monkeypatch.setattr(security_object, "decode", lambda data: found)
    with pytest.raises(AssertionError):
        TARGETS["security_object"].run(longer)


def test_a_channel_that_checks_no_mac_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"\0" + flipped(0, 3)
    TARGETS["scp03"].run(data)
    monkeypatch.setattr(Scp03, "_check_mac", lambda self, response: response.data[: -self.mac_size])
    with pytest.raises(AssertionError):
        TARGETS["scp03"].run(data)


def test_a_talk_without_end_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"\x04\0\3" + join([b"\xaa\x61\x01"])
    TARGETS["exchange"].run(data)
    monkeypatch.setattr(exchange, "_MOST_ROUNDS", 10**6)
    with pytest.raises(AssertionError, match="on and on"):
        TARGETS["exchange"].run(data)


def test_a_written_card_that_is_called_untouched_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"\0" + join([Edit(12, 0x0F, 0, b"").encode()])
    TARGETS["relayed_writing"].run(data)
    real = encoder._failing_with
    monkeypatch.setattr(encoder, "_failing_with", lambda effect: real(Effect.NONE))
    with pytest.raises(AssertionError):
        TARGETS["relayed_writing"].run(data)


def test_an_error_that_is_not_declared_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """An applet that says it takes no data at all."""
    data = b"\0" + join([Edit(0, 0, 23, b"\0\xff").encode()])
    TARGETS["relayed_writing"].run(data)
    monkeypatch.setattr(opened_card, "_LEAST_DATA", 0)
    with pytest.raises(ValueError, match="bytes of data in one command"):
        TARGETS["relayed_writing"].run(data)
