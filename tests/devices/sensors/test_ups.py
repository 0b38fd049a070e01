"""A UPS by its variables, and a NUT server that lies, stammers or is something else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ktpel_desktop.core.ports import Answer, Reading
from ktpel_desktop.core.ups_state import UpsFlag
from ktpel_desktop.devices.sensors.nut import number
from ktpel_desktop.devices.sensors.ups import Ups, UpsQuantity, UpsSensor, UpsState, state_of
from tests.devices.sensors.outcomes import code_of, outcome
from tests.devices.sensors.tcp_server import answering, dripping, tcp_server

VOLTAGE = UpsQuantity.VOLTAGE


# ------------------------------------------------------------------ variables


@pytest.mark.parametrize(
    ("text", "value"), [("221.4", 221.4), ("023.4", 23.4), ("-1", -1), ("0", 0), ("100", 100), ("0.50", 0.5)]
)
def test_numbers_as_nut_writes_them(text: str, value: float) -> None:
    assert number({"x": text}, "x") == value
    assert number({}, "x") is None


@pytest.mark.parametrize(
    "text",
    ["", " 1", "1,5", "1e3", "nan", "inf", "0x10", "1.", ".5", "--1", "٣", "1_000", "9" * 40, "<html>"],
)
def test_what_is_no_number(text: str) -> None:
    assert code_of(lambda: number({"x": text}, "x")) == "ups.nonsense"


@pytest.mark.parametrize("status", ["", "WAIT", "OL OB", "<html>"])
def test_a_status_that_says_nothing_is_no_state(status: str) -> None:
    assert code_of(lambda: state_of("u", {"ups.status": status, "input.voltage": "220"})) == "ups.unclear"
    assert code_of(lambda: state_of("u", {"input.voltage": "220"})) == "ups.unclear"


def test_the_air_is_found_under_its_numbered_names_and_not_inside_the_ups() -> None:
    state = state_of("u", {"ups.status": "OL", "ambient.1.temperature": "23.5", "ups.temperature": "40"})
    assert state.ambient_celsius == 23.5
    assert state_of("u", {"ups.status": "OL", "ups.temperature": "24"}).ambient_celsius is None


@pytest.mark.parametrize(
    ("told", "odd"),
    [
        ({"ups.realpower": "x", "ups.load": "40", "ups.realpower.nominal": "400"}, "ups.realpower"),
        (
            {"ups.realpower.nominal": "x", "ups.load": "40", "ups.power.nominal": "650"},
            "ups.realpower.nominal",
        ),
        ({"ups.load": "40", "ups.realpower.nominal": "0"}, "ups.realpower.nominal"),
        ({"ups.load": "40", "ups.realpower.nominal": "999999"}, "ups.realpower.nominal"),
        ({"ups.load": "300", "ups.realpower.nominal": "9000"}, "ups.realpower.nominal"),
        ({"ups.load": "300", "ups.power.nominal": "20000"}, "ups.power.nominal"),
    ],
)
def test_a_broken_power_is_not_replaced_by_a_guess(told: dict[str, str], odd: str) -> None:
    state = state_of("u", {"ups.status": "OL", **told})
    assert (state.watts, state.watts_from, state.nonsense) == (None, "", (odd,))


def test_evidence_can_be_written_down() -> None:
    state = state_of("u", {"ups.status": "OL", "ups.alarm": "a\x1b[31m\0" + "x" * 500})
    assert (state.evidence.isprintable(), state.alarm.isprintable()) == (True, True)
    assert len(state.evidence) < 200


NAMES = st.sampled_from(
    ["ups.status", "ups.load", "ups.realpower", "ups.realpower.nominal", "ups.power.nominal", "input.voltage",
     "input.frequency", "battery.charge", "battery.runtime", "ambient.temperature", "ambient.humidity", "ups.alarm"]
)  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=12), st.floats().map(str), st.integers().map(str), st.just("OL"), st.just("OB")
)


@given(st.dictionaries(NAMES, VALUES), st.sampled_from(["OL", "OB", "OL CHRG", None]))
def test_no_variables_make_a_plausible_value_out_of_nonsense(
    told: dict[str, str], status: str | None
) -> None:
    state = outcome(lambda: state_of("u", told if status is None else {**told, "ups.status": status}))
    if isinstance(state, UpsState):
        assert state.flags & {UpsFlag.ON_LINE, UpsFlag.ON_BATTERY} or status is None
        assert state.input_volts is None or 50 <= state.input_volts <= 500
        assert state.load_percent is None or 0 <= state.load_percent <= 300
        assert state.watts is None or 0 <= state.watts <= 26_000
        assert state.ambient_celsius is None or 5 <= state.ambient_celsius <= 60
        assert state.evidence.isprintable()


# ------------------------------------------------------------------ a server that is none


def vars_of(*lines: str) -> bytes:
    return "\n".join(["BEGIN LIST VAR u", *lines, "END LIST VAR u", ""]).encode()


GOOD = vars_of('VAR u ups.status "OL"', 'VAR u input.voltage "221.4"')


@pytest.mark.real
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"ERR DATA-STALE\n", "ups.stale"),
        (b"ERR DRIVER-NOT-CONNECTED\n", "ups.driver_gone"),
        (b"ERR UNKNOWN-UPS\n", "ups.unknown"),
        (b"ERR VAR-NOT-SUPPORTED\n", "ups.refused"),  # no answer to a question for all
        (b"ERR ACCESS-DENIED\n", "ups.access_denied"),
        (b"ERR USERNAME-REQUIRED\n", "ups.access_denied"),
        (b"ERR SOMETHING-NEW with words\n", "ups.refused"),
        (b"ERR\n", "ups.refused"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n<html>", "ups.garbled"),
        (b"BEGIN LIST VAR other\nEND LIST VAR other\n", "ups.garbled"),
        (b"BEGIN LIST VAR u\nVAR other ups.status \"OL\"\nEND LIST VAR u\n", "ups.garbled"),
        (b"BEGIN LIST VAR u\nVAR u ups.status OL\nEND LIST VAR u\n", "ups.garbled"),
        (b"BEGIN LIST VAR u\nVAR u ups.status \"OL\nEND LIST VAR u\n", "ups.garbled"),
        (b"BEGIN LIST VAR u\nVAR u ups.status \"OL\"\n", "ups.connection_lost"),
        (b"BEGIN LIST VAR u\nVAR u ups.status \"O", "ups.connection_lost"),
        (b"", "ups.connection_lost"),
        (b"\xff\xfe\0" * 2000, "ups.garbled"),
        (b"x" * 5000 + b"\n", "ups.garbled"),
        (b"BEGIN LIST VAR u\n" + b'VAR u a "b"\n' * 40_000, "ups.garbled"),
        (vars_of('VAR u input.voltage "221.4"'), "ups.unclear"),
        (vars_of('VAR u ups.status "OL"'), "ups.variable_missing"),
        (vars_of('VAR u ups.status "OL"', 'VAR u input.voltage "NaN"'), "ups.nonsense"),
        (vars_of('VAR u ups.status "OL"', 'VAR u input.voltage "0.0"'), "ups.nonsense"),
        (vars_of('VAR u ups.status "OL"', 'VAR u input.voltage "22140"'), "ups.nonsense"),
    ],
    ids=range(24),
)  # fmt: skip
def test_answers_that_are_no_reading(answer: bytes, code: str) -> None:
    with tcp_server(answering(answer)) as port:
        assert code_of(UpsSensor(Ups(port=port, name="u"), VOLTAGE).read) == code


@pytest.mark.real
def test_a_good_answer_of_the_same_server() -> None:
    with tcp_server(answering(GOOD.replace(b"\n", b"\r\n"))) as port:
        assert UpsSensor(Ups(port=port, name="u"), VOLTAGE).read().value == 221.4
    with tcp_server(answering(b'BEGIN LIST UPS\nUPS u "di ruang \\"cetak\\""\nEND LIST UPS\n', GOOD)) as port:
        assert Ups(port=port).state().name == "u"
    with tcp_server(answering(b"BEGIN LIST UPS\nEND LIST UPS\n")) as port:
        assert code_of(Ups(port=port).state) == "ups.none"


@pytest.mark.real
@pytest.mark.timeout(30)  # one who is not given up drips for ever
@pytest.mark.parametrize(
    ("first", "piece"), [(b"", b""), (b"", b"x"), (b"BEGIN LIST VAR u\n", b'VAR u a "b"\n')]
)
def test_a_server_that_drips_does_not_hold_the_check(first: bytes, piece: bytes) -> None:
    with tcp_server(dripping(first, piece)) as port:
        sensor = UpsSensor(Ups(port=port, name="u", timeout_s=0.5), VOLTAGE)
        assert code_of(sensor.read) == "ups.silent"
        assert (sensor.health().ready, sensor.health().notes) == (Answer.UNKNOWN, ("ups.silent",))


def test_no_such_place() -> None:
    for host in ("127.0.0.1", "\udc80", "a" * 300):
        failed = code_of(lambda host=host: Ups(host, 1, "u").state())  # type: ignore[misc]
        assert failed == "ups.unreachable"
    assert code_of(lambda: Ups("127.0.0.1", 99_999, "u").state()) == "ups.unreachable"


@pytest.mark.real
@settings(max_examples=40)
@given(
    st.lists(st.one_of(st.binary(max_size=60), st.sampled_from(GOOD.splitlines(keepends=True))), max_size=8)
)
def test_fuzzed_answers(pieces: list[bytes]) -> None:
    with tcp_server(answering(b"".join(pieces))) as port:
        found = outcome(UpsSensor(Ups(port=port, name="u", timeout_s=1), VOLTAGE).read)
    if isinstance(found, Reading):
        assert found.value == 221.4
