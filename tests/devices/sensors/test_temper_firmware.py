"""Every decoder of room.md 1.4 on the bytes of room.md 1.6, for every firmware of room.md 1.1."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.devices.sensors.temper.firmware import (
    MODELS,
    Channel,
    Decoded,
    Formula,
    decode,
    firmware_text,
    model_of,
)
from tests.devices.sensors.outcomes import code_of, outcome
from tests.devices.sensors.sticks import told

INNER, OUTER, THIRD = Channel.INNER, Channel.OUTER, Channel.THIRD


def read(firmware: str, data: str) -> Decoded:
    return decode(model_of(firmware), bytes.fromhex(data))


# Numbers are those of room.md 1.6; 21 to 25 are synthetic there, with a head of zeroes that no stick sends.
VECTORS: list[tuple[str, str, dict[Channel, float], dict[Channel, float]]] = [
    ("TEMPer2_V4.1", "80800b544e200000800109ca4e200000", {INNER: 29.00, OUTER: 25.06}, {}),  # 1
    ("TEMPer2_V3.7", "8080085f4e2000008001078b4e200000", {INNER: 21.43, OUTER: 19.31}, {}),  # 4
    ("TEMPer2_V3.7", "808009b74e2000008001090e4e200000", {INNER: 24.87, OUTER: 23.18}, {}),  # 7
    ("TEMPerX_V3.2", "808009984e200000800109984e200000", {INNER: 24.56, OUTER: 24.56}, {}),  # 8
    ("TEMPerX_V3.2", "808009984e20000080014e204e200000", {INNER: 24.56}, {}),  # 8, no probe
    ("TEMPerHUM_V3.8", "8020090111930000", {INNER: 23.05}, {INNER: 44.99}),  # 10
    ("TEMPerHUM_V3.9", "8020096d18d80000", {INNER: 24.13}, {INNER: 63.60}),  # 12
    ("TEMPer1F1.1", "8002135065723146", {OUTER: 19.3125}, {}),  # 14
    ("TEMPer2V1.3", "80041b7014702e33", {INNER: 27.4375, OUTER: 20.4375}, {}),  # 16
    ("TEMPerV1.2", "8002201a00000000", {INNER: 32.10}, {}),  # 21
    ("TEMPERHUM1V1.3", "8004562cbfb10000", {INNER: 12.30}, {INNER: 87.60}),  # 22
    ("TEMPerNTC1.O", "8006201a2b33364d", {INNER: 32.10, OUTER: 43.20, THIRD: 54.30}, {}),  # 23
    ("TEMPerF1.4", "8002f60000000000", {INNER: -10.00}, {}),  # 24
    ("TEMPer1F_H1V1.5", "8004194205200000", {INNER: 22.50}, {INNER: 34.06}),  # 25: not 25.26
    # what room.md has a formula but no capture for
    ("TEMPer1F_V1.3", "80040000160065fe", {OUTER: 22.0}, {}),
    ("TEMPerHumM12V1.0", "8004091a03d00000", {INNER: 22.8125}, {INNER: 37.0}),
    ("TEMPerHumV1.0", "8004186a05200000", {INNER: 22.80}, {INNER: 43.1}),
    ("TEMPerGold_V3.1", "80800b3b4e200000", {INNER: 28.75}, {}),
    ("TEMPer1F_V4.1", "800109284e200000", {OUTER: 23.44}, {}),
    ("TEMPer1F_V4.1", "80804e204e200000800109284e200000", {OUTER: 23.44}, {}),
    ("TEMPerHUM_V4.1", "8040090111930000800109014e200000", {INNER: 23.05, OUTER: 23.05}, {INNER: 44.99}),
]  # fmt: skip


@pytest.mark.parametrize(("firmware", "data", "celsius", "humidity"), VECTORS)
def test_vectors(
    firmware: str, data: str, celsius: dict[Channel, float], humidity: dict[Channel, float]
) -> None:
    found = read(firmware, data)
    assert found.celsius == pytest.approx(celsius, abs=0.006)
    assert found.humidity == pytest.approx(humidity, abs=0.06)


KNOWN = re.findall(
    r"\S+",
    """TEMPerF1.2 TEMPerF1.4 TEMPer1F1.1 TEMPer1F_V1.3 TEMPer2_M12_V1.3 TEMPerV1.2 TEMPer2V1.3 TEMPerNTC1.O
TEMPerHumM12V1.0 TEMPerHumM12V1.2 TEMPERHUM1V1.2 TEMPERHUM1V1.3 TEMPerHumV1.0 TEMPer1F_H1V1.4 TEMPer1F_H1V1.5
TEMPerX_V3.1 TEMPerX_V3.2 TEMPerX_V3.3 TEMPerGold_V3.1 TEMPerGold_V3.3 TEMPerGold_V3.4 TEMPerGold_V3.5 TEMPer2_V3.7
TEMPer2_V3.9 TEMPer2_V4.1 TEMPerHUM_V3.8 TEMPerHUM_V3.9 TEMPerHUM_V4.0 TEMPerHUM_V4.1 TEMPer1F_V3.9
TEMPer1F_V4.1""",
)  # room.md 1.1


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("padding", [None, b" ", b"\0"])
def test_every_firmware_is_known_under_every_padding(name: str, padding: bytes | None) -> None:
    assert model_of(firmware_text(told(name, padding))).prefix == name


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("54454d506572325f56342e3100000000", "TEMPer2_V4.1"),
        ("54454d506572325f56332e3720202020", "TEMPer2_V3.7"),
        ("54454d506572476f6c645f56332e3120", "TEMPerGold_V3.1"),
        ("54454d50657248554d5f56332e382020", "TEMPerHUM_V3.8"),
        ("54454d5065723146312e315065723146", "TEMPer1F1.1"),
        ("54454d50657248554d5f56332e392020" * 2, "TEMPerHUM_V3.9"),  # the double answer of ccwienk #18
    ],
)
def test_firmware_answers_that_were_captured(answer: str, name: str) -> None:
    assert model_of(firmware_text(bytes.fromhex(answer))).prefix == name


def test_left_over_bytes_are_as_the_notes_have_them() -> None:
    assert told("TEMPer1F1.1") == b"TEMPer1F1.1Per1F"
    assert told("TEMPerHumV1.0") == b"TEMPerHumV1.0rHu"
    assert told("TEMPer1F_H1V1.5") == b"TEMPer1F_H1V1.5F"


@pytest.mark.parametrize(
    "name",
    [
        "TEMPer2_V4.2",
        "TEMPer2_V4.10",
        "TEMPer2_V3.75",
        "TEMPerHUM_V5.0",
        "temper2_v4.1",
        "Keyboard",
        "",
        "TEMPer",
    ],
)
def test_an_unknown_firmware_is_refused_and_never_guessed(name: str) -> None:
    assert code_of(lambda: model_of(name)) == "temper.unknown_firmware"


@pytest.mark.parametrize(
    "answer", [b"", b"TEMPer2_", b"TEMPer2_V4.1\xff\xff\xff\xff", b"TEMPer2\n\x1b[31m V4.1"]
)
def test_what_is_no_firmware_string(answer: bytes) -> None:
    assert code_of(lambda: firmware_text(answer)) == "temper.garbled"


@pytest.mark.parametrize(
    ("firmware", "data", "refused"),
    [
        ("TEMPer2_V4.1", "80804e204e20000080014e204e200000", "temper.no_probe"),
        ("TEMPerGold_V3.4", "80804e204e200000", "temper.no_probe"),
        ("TEMPerF1.4", "8002ffff00000000", "temper.no_probe"),
        ("TEMPer1F_V1.3", "8002160000000000", "temper.no_probe"),  # its field lies beyond the length told
        ("TEMPer2_V4.1", "80800b544e200000", "temper.short"),
        ("TEMPer2_V4.1", "80800b544e200000800109", "temper.short"),
        ("TEMPerGold_V3.1", "", "temper.short"),
        ("TEMPerGold_V3.1", "80800b", "temper.short"),
        ("TEMPerGold_V3.1", "81800b3b4e200000", "temper.garbled"),
        ("TEMPerGold_V3.1", "80200b3b4e200000", "temper.garbled"),
        ("TEMPer2_V4.1", "80800b544e20000080800b544e200000", "temper.garbled"),
        ("TEMPer2_V4.1", "80800b544e200000800109ca4e200000800109ca4e200000", "temper.garbled"),
        ("TEMPerF1.4", "8003160000000000", "temper.garbled"),
        ("TEMPerF1.4", "0000201a00000000", "temper.garbled"),
        ("TEMPERHUM1V1.3", "8002562cbfb10000", "temper.garbled"),
        ("TEMPerGold_V3.1", "80807fff4e200000", "temper.implausible"),
        ("TEMPerHumM12V1.2", "8004ffff00000000", "temper.no_probe"),
        ("TEMPerHumM12V1.2", "8004fff000000000", "temper.implausible"),
    ],
)
def test_what_is_no_temperature(firmware: str, data: str, refused: str) -> None:
    assert code_of(lambda: read(firmware, data)) == refused


def test_an_outer_probe_that_is_missing_leaves_the_inner_sensor() -> None:
    assert read("TEMPer2V1.3", "80041b70ffff2e33").celsius == {INNER: 27.4375}
    assert read("TEMPer2V1.3", "80021b7014702e33").celsius == {INNER: 27.4375}
    assert read("TEMPer2_V4.1", "80800b544e20000080014e204e200000").celsius == {INNER: 29.0}


def test_the_sticks_on_which_the_sources_disagree_are_marked() -> None:
    assert {model.prefix for model in MODELS if model.uncertain} == {"TEMPer1F_H1V1.4", "TEMPer1F_H1V1.5"}
    assert {model.formula for model in MODELS} == set(Formula)


@given(model=st.sampled_from(MODELS), data=st.binary(max_size=40))
def test_no_bytes_crash_a_decoder(model: object, data: bytes) -> None:
    assert isinstance(model, type(MODELS[0]))
    found = outcome(lambda: decode(model, data))
    if isinstance(found, Decoded):
        assert found.celsius
        assert all(-40 <= value <= 85 for value in found.celsius.values())


@given(st.binary(max_size=40))
def test_no_bytes_crash_the_reading_of_a_name(answer: bytes) -> None:
    found = outcome(lambda: model_of(firmware_text(answer)))
    assert isinstance(found, DeviceError)
    assert found.code in ("temper.garbled", "temper.unknown_firmware")
