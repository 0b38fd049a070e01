"""The clock against time servers that tell the time, and ones that should not be believed."""

import struct
from collections.abc import Callable

import pytest

from ktpel_desktop.bootstrap import SystemClock
from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.devices import clock_compare
from ktpel_desktop.devices.clock_compare import Answered, compare, look, read_answer
from tests.devices.bandwidth.servers import answering

CLOCK = SystemClock()
TO_1970 = 2_208_988_800
PACKET = struct.Struct("!BBbbII4sQQQQ")
Server = Callable[[bytes], list[bytes]]


def stamp(seconds: float) -> int:
    return int((seconds + TO_1970) * (1 << 32)) & ((1 << 64) - 1)


def answer(
    ours: int,
    *,
    ahead: float = 0.0,
    first: int = 0x24,
    stratum: int = 2,
    told: bytes = b"GPS\0",
    there: float = 0,
) -> bytes:
    now = CLOCK.now().timestamp() + ahead
    return PACKET.pack(first, stratum, 0, -20, 0, 0, told, 0, ours, stamp(now), stamp(now + there))


def server(**how: object) -> Server:
    return lambda question: [answer(PACKET.unpack(question)[10], **how)]  # type: ignore[arg-type]


def seen(tell: Server, questions: int = 3) -> Answered:
    with answering(tell) as (host, port):
        return compare(CLOCK, host, port, questions=questions, seconds=0.5)


@pytest.mark.parametrize("ahead", [0.0, 5.0, -5.0, 100_000.0])
def test_the_difference_is_the_servers_minus_ours(ahead: float) -> None:
    assert seen(server(ahead=ahead)).behind == pytest.approx(ahead, abs=0.3)


@pytest.mark.parametrize(
    ("ahead", "status", "advice"),
    [
        (0.0, Status.OK, "clock.ok"),
        (-10.0, Status.WARNING, "clock.off"),
        (90.0, Status.CRITICAL, "clock.wrong"),
    ],
)
def test_the_item_tells_a_clock_that_runs_ahead_as_positive(
    ahead: float, status: Status, advice: str
) -> None:
    with answering(server(ahead=ahead)) as (host, port):
        found = look(CLOCK, host, port)
    assert (found.verdict.status, found.verdict.advice, found.unit) == (status, advice, "s")
    assert found.value == pytest.approx(-ahead, abs=0.3)


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"stratum": 0, "told": b"DENY", "first": 0xE4}, "clock.server_refuses"),
        ({"stratum": 0, "told": b"RATE"}, "clock.server_refuses"),
        ({"stratum": 0, "told": b"INIT"}, "clock.server_unsynchronised"),
        ({"first": 0xE4}, "clock.server_unsynchronised"),
        ({"stratum": 16}, "clock.server_unsynchronised"),
        ({"first": 0x23}, "clock.server_nonsense"),
        ({"there": 20.0}, "clock.server_nonsense"),
        ({"there": -20.0}, "clock.server_nonsense"),
    ],
)
def test_what_tells_no_time_is_no_answer(how: dict[str, object], code: str) -> None:
    with pytest.raises(DeviceError) as refused:
        seen(server(**how))
    assert refused.value.code == code


def test_who_is_sent_away_does_not_ask_again() -> None:
    asked = []

    def refuses(question: bytes) -> list[bytes]:
        asked.append(question)
        return server(stratum=0, told=b"RSTR")(question)

    with pytest.raises(DeviceError):
        seen(refuses)
    assert len(asked) == 1


@pytest.mark.parametrize("said", [[], [b""], [b"\x24" * 47], [answer(4711)]])
def test_silence_rubbish_and_an_answer_to_somebody_else_are_silence(said: list[bytes]) -> None:
    with pytest.raises(DeviceError) as refused:
        seen(lambda _question: said, questions=1)
    assert refused.value.code == "clock.server_silent"


def test_the_true_answer_behind_a_forged_one_counts() -> None:
    forged = answer(4711, ahead=900)
    assert seen(lambda question: [forged, *server(ahead=3)(question)]).behind == pytest.approx(3, abs=0.3)


@pytest.mark.parametrize("host", ["tidak-ada.invalid", "a..b", "127.0.0.1"])
def test_no_server_at_all(host: str) -> None:
    with pytest.raises(DeviceError) as refused:
        compare(CLOCK, host, 1, questions=1, seconds=0.2)
    assert refused.value.code == "clock.server_silent"


def test_the_quickest_answer_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([Answered(9.0, 0.9), Answered(1.0, 0.1), Answered(4.0, 0.4)])
    monkeypatch.setattr(clock_compare, "_ask", lambda *_: next(answers))
    assert compare(CLOCK, "waktu.contoh") == Answered(1.0, 0.1)


def test_times_after_the_era_ended_in_2036() -> None:
    late = 2_085_978_496.0 + 1000  # a thousand seconds into the second era
    at = stamp(late + 7)
    assert at >> 63 == 0
    found = read_answer(PACKET.pack(0x24, 1, 0, 0, 0, 0, b"", 0, 1, at, at), "waktu.contoh", late, 0.0)
    assert found.behind == pytest.approx(7.0)


@pytest.mark.parametrize("times", [(0, 0), (0, 1), (1, 0)])
def test_a_server_that_names_no_time(times: tuple[int, int]) -> None:
    received, sent = (stamp(1000.0) * one for one in times)
    with pytest.raises(DeviceError) as refused:
        read_answer(PACKET.pack(0x24, 1, 0, 0, 0, 0, b"", 0, 1, received, sent), "waktu.contoh", 1000.0, 0.0)
    assert refused.value.code == "clock.server_nonsense"
