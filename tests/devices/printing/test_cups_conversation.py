"""CUPS by conversation: what is asked, and what every answer and every failure is taken for."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.core.ports import Answer
from ktpel_desktop.devices.print_queue import ipp
from ktpel_desktop.devices.print_queue.cups import CupsSystem, _address_of
from ktpel_desktop.devices.print_queue.cups_answers import troubles_of
from ktpel_desktop.devices.print_queue.ipp import Enum, Group, Message, Raw
from ktpel_desktop.devices.print_queue.jobs import (
    Document,
    Format,
    Job,
    JobState,
    QueueState,
    Size,
    Trouble,
)
from ktpel_desktop.devices.print_queue.wellness import health_of
from tests.devices.printing.fake_system import Time

RECORDED = Path(__file__).parent / "recorded"
CARD = Document(b"%PDF-", Format.PDF, "R-7-1", Size(5398, 8560), 300, strict=True)
Handler = Callable[[httpx.Request], httpx.Response]


def system(handler: Handler) -> CupsSystem:
    return CupsSystem("http://cups.test:631", user="operator", transport=httpx.MockTransport(handler))


def answering(
    *groups: tuple[int, ipp.Attributes], status: int = 0, seen: list[Message] | None = None
) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        asked = ipp.decode(request.content)
        if seen is not None:
            seen.append(asked)
        return httpx.Response(200, content=ipp.encode(Message(status, asked.number, groups)))

    return handler


def recorded(name: str) -> Handler:
    """An answer of a real server, under the number that was asked."""

    def handler(request: httpx.Request) -> httpx.Response:
        data = (RECORDED / f"{name}.ipp").read_bytes()
        return httpx.Response(200, content=data[:4] + request.content[4:8] + data[8:])

    return handler


def failing(error: type[httpx.TransportError]) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        raise error("broken", request=request)

    return handler


# ------------------------------------------------------------------ what is asked


def test_a_card_is_asked_for_on_its_medium_unscaled_and_one_sided_or_not_at_all() -> None:
    seen: list[Message] = []
    number = system(answering((Group.JOB, {"job-id": [7]}), seen=seen)).submit("kartu 1", CARD)
    (message,) = seen
    (operation,), (template,) = message.of(Group.OPERATION), message.of(Group.JOB)
    assert (number, message.code, message.data) == (7, ipp.Op.PRINT_JOB, b"%PDF-")
    assert list(operation)[:2] == ["attributes-charset", "attributes-natural-language"]  # RFC 8011 4.1.4
    assert operation["printer-uri"] == [ipp.uri("ipp://cups.test:631/printers/kartu%201")]
    assert operation["requesting-user-name"] == [ipp.name("operator")]
    assert operation["job-name"] == [ipp.name("R-7-1")]
    assert operation["ipp-attribute-fidelity"] == [True]
    (media,) = template["media-col"]
    assert media == {
        "media-size": [{"x-dimension": [5398], "y-dimension": [8560]}],
        **{f"media-{side}-margin": [0] for side in ("top", "bottom", "left", "right")},
    }
    assert template["sides"] == [ipp.keyword("one-sided")]
    assert template["print-scaling"] == [ipp.keyword("none")]
    assert template["copies"] == [1]


def test_raw_bytes_pass_every_filter_and_carry_no_wishes() -> None:
    seen: list[Message] = []
    system(answering((Group.JOB, {"job-id": [1]}), seen=seen)).submit(
        "dot", Document(b"\x1b@", Format.RAW, "x")
    )
    (operation,) = seen[0].of(Group.OPERATION)
    assert operation["document-format"] == [ipp.mime("application/vnd.cups-raw")]
    assert not list(seen[0].of(Group.JOB))


def test_a_long_title_is_cut_between_letters() -> None:
    seen: list[Message] = []
    system(answering((Group.JOB, {"job-id": [1]}), seen=seen)).submit(
        "dot", Document(b"", Format.RAW, "é" * 200)
    )
    (operation,) = seen[0].of(Group.OPERATION)
    assert operation["job-name"] == [ipp.name("é" * 127)]


# ------------------------------------------------------------------ what is answered


def test_a_queue_of_cups_is_read() -> None:
    queue = system(recorded("queue-card.answer")).queue("card", 0.5)
    assert (queue.name, queue.state, queue.accepting) == ("card", QueueState.IDLE, True)
    assert queue.media == (Size(5398, 8560),)
    assert queue.live  # its device is an ipp: printer, asked too; the same transport answered


def behind_cups(device: str, itself: ipp.Attributes) -> Handler:
    """CUPS that counts 7 impressions and is idle; a printer behind it that says `itself`."""
    queue: ipp.Attributes = {
        "printer-name": [ipp.name("card")],
        "printer-state": [Enum(3)],
        "printer-is-accepting-jobs": [True],
        "printer-impressions-completed": [7],
        "device-uri": [ipp.uri(device)],
    }

    def handler(request: httpx.Request) -> httpx.Response:
        attributes = queue if request.url.host == "cups.test" else itself
        return answering((Group.PRINTER, attributes))(request)

    return handler


@pytest.mark.parametrize(
    ("device", "itself", "printed", "state"),
    [
        ("socket://10.0.0.7", {}, None, QueueState.IDLE),
        ("ipp://10.0.0.7/x", {}, None, QueueState.IDLE),
        ("ipp://10.0.0.7/x", {"printer-impressions-completed": [41]}, 41, QueueState.IDLE),
        ("ipp://10.0.0.7/x", {"printer-state": [Enum(4)]}, None, QueueState.PROCESSING),
        ("ipp://10.0.0.7/x", {"printer-state": [Enum(5)]}, None, QueueState.IDLE),  # its complaints say why
    ],
)
def test_only_the_printer_itself_counts_cards_and_is_done_with_them(
    device: str, itself: ipp.Attributes, printed: int | None, state: QueueState
) -> None:
    """A count of the print system is its own word, and a card may lie in a printer that CUPS is done with."""
    queue = system(behind_cups(device, itself)).queue("card")
    assert (queue.printed, queue.state) == (printed, state)


@pytest.mark.parametrize(
    ("error", "seconds", "live", "troubles"),
    [
        (httpx.ConnectError, 0.25, True, {Trouble.OFFLINE}),
        (httpx.ConnectTimeout, 5.0, True, {Trouble.OFFLINE}),
        (httpx.ConnectTimeout, 0.25, False, set()),  # perhaps only slow
        (httpx.ReadTimeout, 5.0, False, set()),
        (httpx.InvalidURL, 5.0, False, set()),
    ],
)
def test_a_printer_that_does_not_answer_itself(
    error: type[Exception], seconds: float, live: bool, troubles: set[Trouble]
) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host == "localhost":
            raise error("off")
        return recorded("queue-card.answer")(request)

    queue = system(handler).queue("card", seconds)
    assert (queue.live, set(queue.troubles)) == (live, troubles)


def test_health_waits_no_longer_than_a_second() -> None:
    """The worst case: CUPS and the printer each take all the time they are given, to connect and to answer."""
    waits: list[float] = []
    handler = behind_cups("ipp://10.0.0.7/x", {"printer-impressions-completed": [41]})

    def slow(request: httpx.Request) -> httpx.Response:
        timeout = request.extensions["timeout"]
        waits.extend((timeout["connect"], timeout["read"]))
        return handler(request)

    health = health_of(system(slow), "card", lambda trouble: DeviceError(trouble.value, Effect.NONE))
    assert (health.ready, len(waits)) == (Answer.YES, 4)
    assert sum(waits) <= 1.0


@pytest.mark.parametrize(
    ("device", "seconds", "asked"),
    [
        ("ipp://printer.local/ipp/print", 5.0, "http://printer.local:631/ipp/print"),
        ("ipp://printer.local/ipp/print", 0.25, None),  # looking up a name takes as long as it likes
        ("ipp://10.0.0.7:8631/x", 0.25, "http://10.0.0.7:8631/x"),
        ("ipp://[fd00::7]/x", 0.25, "http://[fd00::7]:631/x"),
        ("ipps://10.0.0.7/x", 5.0, None),
        ("usb://HID/HDP5000?serial=1", 5.0, None),
        ("ipp://10.0.0.7:port/x", 5.0, None),
        ("", 5.0, None),
    ],
)
def test_which_printers_are_asked_themselves(device: str, seconds: float, asked: str | None) -> None:
    found = _address_of(device, seconds)
    assert (found and found[1]) == asked


def test_an_ended_job_is_read() -> None:
    job = system(recorded("job-completed.answer")).job("raw", 1)
    assert (job.title, job.state, job.started, job.mine) == ("R-7-1", JobState.COMPLETED, True, True)


@pytest.mark.parametrize(
    ("state", "processing", "reasons", "expected", "started"),
    [
        (3, Raw(0x13), "none", JobState.PENDING, False),
        (3, 17, "printer-stopped", JobState.PENDING, True),
        (4, Raw(0x13), "job-hold-until-specified", JobState.HELD, False),
        (4, Raw(0x13), "job-incoming", JobState.PENDING, False),
        (5, 17, "job-printing", JobState.PROCESSING, True),
        (6, 17, "none", JobState.STOPPED, True),
        (7, Raw(0x13), "job-canceled-by-user", JobState.CANCELLED, False),
        (7, 17, "job-canceled-by-user", JobState.CANCELLED, True),
        (7, Raw(0x12), "none", JobState.CANCELLED, None),
        (7, None, "none", JobState.CANCELLED, None),
        (8, 17, "aborted-by-system", JobState.ABORTED, True),
        (9, Raw(0x13), "none", JobState.COMPLETED, True),
    ],
)
def test_states_and_what_they_say_of_the_device(
    state: int, processing: ipp.Value | None, reasons: str, expected: JobState, started: bool | None
) -> None:
    attributes: dict[str, ipp.Values] = {"job-id": [4], "job-state": [Enum(state)]}
    attributes["job-state-reasons"] = [ipp.keyword(reasons)]
    if processing is not None:
        attributes["time-at-processing"] = [processing]
    job = system(answering((Group.JOB, attributes))).job("q", 4)
    assert (job.state, job.started) == (expected, started)


@pytest.mark.parametrize("state", [Raw(0x12), Enum(77), None])
def test_a_job_whose_state_cannot_be_read_may_still_print(state: ipp.Value | None) -> None:
    attributes: dict[str, ipp.Values] = {"job-id": [4], "job-state": [state] if state else []}
    (job,) = system(answering((Group.JOB, attributes))).jobs("q")
    assert (job.state, job.started) == (JobState.PROCESSING, True)


def test_a_list_with_a_job_without_a_number_is_no_list() -> None:
    with pytest.raises(DeviceError) as odd:
        system(answering((Group.JOB, {"job-state": [Enum(3)]}))).jobs("q")
    assert (odd.value.code, odd.value.effect) == ("queue.answer_odd", Effect.NONE)


def test_a_forgotten_job_is_gone() -> None:
    assert system(answering(status=0x0406)).job("q", 4) == Job(4, "", JobState.GONE)


@pytest.mark.parametrize(
    ("reasons", "troubles"),
    [
        (["none"], set()),
        (["media-empty"], {Trouble.NO_MEDIA}),
        (["media-empty-error", "door-open-report"], {Trouble.NO_MEDIA}),
        (["media-empty-warning", "toner-low"], set()),
        (["offline-report"], {Trouble.OFFLINE}),
        (["cover-open-error"], {Trouble.DOOR_OPEN}),
        (["media-jam"], {Trouble.JAM}),
        (["fuser-over-temp-error"], {Trouble.OTHER}),
        (["connecting-to-device", "paused", "cups-waiting-for-job-completed"], set()),
    ],
)
def test_reasons_that_stop_a_printer(reasons: list[str], troubles: set[Trouble]) -> None:
    assert troubles_of(reasons) == troubles


# ------------------------------------------------------------------ what fails

REFUSED = [
    (0x0406, "queue.unknown", Effect.NONE),
    (0x0506, "queue.not_accepting", Effect.NONE),
    (0x0403, "queue.not_allowed", Effect.NONE),
    (0x040A, "queue.refused", Effect.NONE),
    (0x040B, "queue.refused", Effect.NONE),
    (0x0502, "queue.refused", Effect.NONE),
    (0x0500, "queue.answer_lost", Effect.UNKNOWN),
    (0x0504, "queue.answer_lost", Effect.UNKNOWN),
]


@pytest.mark.parametrize(("status", "code", "effect"), REFUSED)
def test_a_refused_document_left_nothing_behind_where_that_is_sure(
    status: int, code: str, effect: Effect
) -> None:
    with pytest.raises(DeviceError) as refused:
        system(answering(status=status)).submit("q", CARD)
    assert (refused.value.code, refused.value.effect) == (code, effect)


@pytest.mark.parametrize(
    ("error", "code", "effect"),
    [
        (httpx.ConnectError, "queue.system_off", Effect.NONE),
        (httpx.ConnectTimeout, "queue.system_off", Effect.NONE),
        (httpx.WriteError, "queue.answer_lost", Effect.UNKNOWN),
        (httpx.WriteTimeout, "queue.answer_lost", Effect.UNKNOWN),
        (httpx.ReadTimeout, "queue.answer_lost", Effect.UNKNOWN),
        (httpx.ReadError, "queue.answer_lost", Effect.UNKNOWN),
        (httpx.RemoteProtocolError, "queue.answer_lost", Effect.UNKNOWN),
    ],
)
def test_a_broken_line_while_submitting(error: type[httpx.TransportError], code: str, effect: Effect) -> None:
    with pytest.raises(DeviceError) as failed:
        system(failing(error)).submit("q", CARD)
    assert (failed.value.code, failed.value.effect) == (code, effect)


class Endless(httpx.SyncByteStream):
    """An answer that goes on; each piece takes its time."""

    def __init__(self, piece: bytes, pass_time: Callable[[], None]) -> None:
        self._piece, self._pass = piece, pass_time

    def __iter__(self) -> Iterator[bytes]:
        while True:
            self._pass()
            yield self._piece


@pytest.mark.parametrize(("size", "seconds"), [(1, 0.5), (1_000_000, 0.0)])
def test_an_answer_that_does_not_end_is_silence(
    monkeypatch: pytest.MonkeyPatch, size: int, seconds: float
) -> None:
    """One that drips keeps every single read within its time; one that floods ends at the most that is read."""
    clock = Time()
    monkeypatch.setattr(time, "monotonic", clock.monotonic)
    answer = Endless(b" " * size, lambda: clock.sleep(seconds))
    cups = system(lambda request: httpx.Response(200, stream=answer))
    with pytest.raises(DeviceError) as silent:
        cups.job("q", 1)
    assert (silent.value.code, silent.value.effect) == ("queue.system_silent", Effect.NONE)
    with pytest.raises(DeviceError) as lost:
        cups.submit("q", CARD)
    assert (lost.value.code, lost.value.effect) == ("queue.answer_lost", Effect.UNKNOWN)


@pytest.mark.parametrize("status", [401, 403, 404, 413, 426])
def test_a_server_that_refuses_before_reading_accepted_nothing(status: int) -> None:
    with pytest.raises(DeviceError) as refused:
        system(lambda request: httpx.Response(status)).submit("q", CARD)
    assert refused.value.effect is Effect.NONE


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, content=ipp.encode(Message(0, 999_999))),
        httpx.Response(200, content=ipp.encode(Message(0, 1))),
    ],
)
def test_an_answer_that_says_nothing_leaves_a_submission_open(answer: httpx.Response) -> None:
    with pytest.raises(DeviceError) as odd:
        system(lambda request: answer).submit("q", CARD)
    assert (odd.value.code, odd.value.effect) == ("queue.answer_odd", Effect.UNKNOWN)


@pytest.mark.parametrize(
    "handler", [failing(httpx.ReadTimeout), lambda request: httpx.Response(500), answering()]
)
def test_a_question_never_has_an_effect(handler: Handler) -> None:
    cups = system(handler)
    asks: list[Callable[[], object]] = [lambda: cups.queue("q"), lambda: cups.job("q", 1)]
    for ask in asks:
        with pytest.raises(DeviceError) as failed:
            ask()
        assert failed.value.effect is Effect.NONE


@given(st.binary(max_size=200))
def test_whatever_a_server_answers_only_device_errors_come_out(body: bytes) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b"\x02\x00\x00\x00" + request.content[4:8] + body)

    cups = system(handler)
    for act in (
        lambda: cups.queue("q"),
        lambda: cups.jobs("q"),
        lambda: cups.job("q", 1),
        lambda: cups.submit("q", CARD),
        lambda: cups.cancel("q", 1),
    ):
        try:
            act()
        except DeviceError:
            continue
