"""One room temperature from a stick: through hidapi's interface, over a serial line, and what is no temperature."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.ports import Answer, Reading, Sensor
from ktpel_desktop.core.thermometer import AirSensor
from ktpel_desktop.devices.sensors.temper.firmware import MODELS, Channel, Formula
from ktpel_desktop.devices.sensors.temper.stick import hid_library, port_of
from ktpel_desktop.devices.sensors.temper.thermometer import (
    SerialSticks,
    TemperThermometer,
    UsbSticks,
)
from tests.devices.sensors.outcomes import code_of, outcome
from tests.devices.sensors.serial_devices import SerialDevice
from tests.devices.sensors.sticks import DATA, Library, Stick, told

COOL = bytes.fromhex("80800b544e200000800108f04e200000")  # inside 29.00, outside 22.88


def thermometer(*sticks: Stick, port: str = "", reads: int = 3) -> TemperThermometer:
    source = UsbSticks(Library(*sticks), port=port)
    return TemperThermometer(source, reads=reads, sleep=lambda seconds: None)


def stick(*answers: bytes | str, **more: object) -> Stick:
    plain = [bytes.fromhex(answer) if isinstance(answer, str) else answer for answer in answers]
    return Stick(answers=plain or [COOL], **more)  # type: ignore[arg-type]


def failure(sensor: Sensor) -> str:
    return code_of(sensor.read)


# ------------------------------------------------------------------ readings


def test_the_probe_counts_and_the_bytes_are_the_evidence() -> None:
    one = stick()
    reading = thermometer(one).read()
    assert reading == Reading(
        22.88,
        "°C",
        "TEMPer2_V4.1/outer@1-2",
        " ".join([one.firmware.hex(), *[COOL.hex()] * 3]),
        AirSensor(),
    )
    assert one.written.count(DATA) == 3
    assert one.opened == 0


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.prefix)
def test_every_firmware_reads_a_room_of_23_degrees(model: object) -> None:
    """Bytes made by the inverse of each formula, through the whole driver."""
    assert isinstance(model, type(MODELS[0]))
    raw = {
        Formula.FM75: 23 * 256, Formula.HUNDREDTHS: 2300, Formula.SI7005: 73 * 32, Formula.SHT1X: 6270,
        Formula.SI7006: round((23 + 46.85) / 175.72 * 65536) & 0xFFFC,
        Formula.SHT20: round((23 + 46.85) / 175.72 * 16384),
    }[model.formula]  # fmt: skip
    heat = raw.to_bytes(2, "big")
    if model.formula is Formula.HUNDREDTHS:
        reports = [b"\x80\x80" + heat + b"\x4e\x20\0\0", b"\x80\x01" + heat + b"\x4e\x20\0\0"]
        answer = b"".join(reports[: model.reports])
    else:
        answer = b"\x80\x04" + heat + (b"\x05\x20" if model.humid else heat) + b"\0\0"
    channel = Channel.OUTER if model.only_outer or model.reports == 2 else Channel.INNER
    channel = Channel.OUTER if Channel.OUTER in model.fields else channel
    sensor = thermometer(stick(answer, firmware=told(model.prefix)))
    reading = sensor.read()
    assert reading.value == pytest.approx(23.0, abs=0.05)
    assert reading.air == AirSensor(near_pc=channel is Channel.INNER, uncertain=model.uncertain)
    assert sensor.measure().channel is channel


def test_the_median_of_answers_that_differ_a_little() -> None:
    answers = [f"80800b544e200000800108{last}4e200000" for last in ("f0", "f2", "f8")]
    assert thermometer(stick(*answers)).read().value == 22.90


def test_a_jump_is_asked_again_and_the_last_answers_count() -> None:
    jump = "80800b544e200000800109f04e200000"
    one = stick(jump, COOL.hex())
    assert thermometer(one).read().value == 22.88
    assert one.written.count(DATA) == 4


def test_answers_that_never_agree_are_no_temperature() -> None:
    wild = [f"80800b544e2000008001{number:04x}4e200000" for number in (2200, 2300, 2400, 2200, 2300, 2400)]
    assert failure(thermometer(stick(*wild))) == "temper.unsteady"


def test_a_probe_that_comes_and_goes_is_no_temperature() -> None:
    without = "80800b544e20000080014e204e200000"
    assert failure(thermometer(stick(*[COOL.hex(), without] * 3))) == "temper.unsteady"


def test_the_pauses_spread_the_reads() -> None:
    pauses: list[float] = []
    TemperThermometer(UsbSticks(Library(stick())), sleep=pauses.append).read()
    assert pauses == [5.0, 5.0]


def test_a_short_answer_about_the_firmware_is_asked_again() -> None:
    assert thermometer(stick(firmware_short=3)).read().value == 22.88
    assert failure(thermometer(stick(firmware_short=99))) == "temper.short"


def test_what_was_left_over_is_not_an_answer() -> None:
    assert thermometer(stick(left_over=bytes.fromhex("80800fff4e200000"))).read().value == 22.88


# ------------------------------------------------------------------ what is known of the sensor


def test_each_sensor_at_each_port_is_an_instrument_of_its_own() -> None:
    inside = stick("808008984e200000", firmware=told("TEMPerGold_V3.5", b" "))
    reading = thermometer(inside).read()
    assert (reading.source, reading.air) == ("TEMPerGold_V3.5/inner@1-2", AirSensor(near_pc=True))


def test_a_stick_of_uncertain_formula_says_so_with_what_it_reads() -> None:
    measured = thermometer(stick("8004194205200000", firmware=told("TEMPer1F_H1V1.5"))).measure()
    assert measured.celsius == pytest.approx(22.50, abs=0.01)
    assert measured.as_reading().air == AirSensor(near_pc=True, uncertain=True)
    assert measured.humidity == pytest.approx(34.06, abs=0.1)


def test_humidity_that_cannot_be_is_left_out() -> None:
    assert (
        thermometer(stick("8020090100000000", firmware=told("TEMPerHUM_V4.1", b"\0"))).measure().humidity
        is None
    )
    wet = stick("8020090111930000", firmware=told("TEMPerHUM_V4.1", b"\0"))
    assert thermometer(wet).measure().humidity == 44.99


# ------------------------------------------------------------------ finding


def test_exactly_one_stick_else_it_is_asked_which() -> None:
    assert failure(thermometer()) == "sensor.missing"
    two = (stick(port="1-2"), stick("80800b544e200000800109004e200000", port="1-3.1"))
    assert failure(thermometer(*two)) == "temper.several"
    assert thermometer(*two, port="1-3.1").read().value == 23.04
    assert failure(thermometer(*two, port="4-4")) == "sensor.missing"


def test_a_foreign_device_is_no_thermometer() -> None:
    mouse = {"vendor_id": 0x046D, "product_id": 0xC077, "path": b"1-9:1.0", "interface_number": 0}
    bare: dict[str, object] = {}
    nameless = {"vendor_id": 0x3553, "product_id": 0xA001, "path": None, "interface_number": 1}
    library = Library(foreign=[mouse, bare, nameless])
    assert failure(TemperThermometer(UsbSticks(library))) == "sensor.missing"
    old = {"vendor_id": 0x1130, "product_id": 0x660C, "path": b"1-9:1.1", "interface_number": 1}
    assert failure(TemperThermometer(UsbSticks(Library(foreign=[old])))) == "temper.model_unsupported"
    both = TemperThermometer(UsbSticks(Library(stick(), foreign=[old])), sleep=lambda seconds: None)
    assert both.read().value == 22.88


def test_unnumbered_interfaces_are_told_apart_by_their_use() -> None:
    class Unnumbered(Library):
        def enumerate(self, vendor_id: int = 0, product_id: int = 0) -> list[dict[str, object]]:
            return [{**entry, "interface_number": -1} for entry in super().enumerate()]

    assert TemperThermometer(UsbSticks(Unnumbered(stick())), sleep=lambda seconds: None).read().value == 22.88


def test_a_library_that_cannot_look_finds_nothing() -> None:
    class Blind(Library):
        def enumerate(self, vendor_id: int = 0, product_id: int = 0) -> list[dict[str, object]]:
            raise OSError("no udev")

    assert failure(TemperThermometer(UsbSticks(Blind()))) == "sensor.missing"


def test_the_real_library_is_there_and_finds_what_it_finds() -> None:
    assert isinstance(hid_library().enumerate(), list)
    with pytest.raises(OSError, match="open"):
        hid_library().device().open_path(b"/dev/hidraw-none")
    assert TemperThermometer().health().ready in Answer


def test_the_port_is_the_usb_port_on_every_system(tmp_path: Path) -> None:
    device = (
        tmp_path / "devices" / "pci0000:00" / "usb1" / "1-2" / "1-2.3" / "1-2.3:1.1" / "0003:3553:A001.0004"
    )
    device.mkdir(parents=True)
    (tmp_path / "hidraw3").mkdir()
    (tmp_path / "hidraw3" / "device").symlink_to(device)
    assert port_of(b"/dev/hidraw3", tmp_path) == "1-2.3"
    assert port_of(b"/dev/hidraw4", tmp_path) == "/dev/hidraw4"
    assert port_of(b"1-2.3:1.1") == "1-2.3"
    windows = rb"\\?\HID#VID_3553&PID_A001&MI_01#7&2a3b4c&0&0000#{4d1e55b2-f16f-11cf-88cb-001111000030}"
    assert port_of(windows) == "7&2a3b4c&0&0000"
    assert port_of(b"\xff\xfe") == "\ufffd\ufffd"


# ------------------------------------------------------------------ trouble


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (stick(locked=True), "temper.no_access"),
        (stick(firmware=b""), "temper.silent"),
        (stick(b""), "temper.silent"),
        (stick(babbles=True), "temper.garbled"),
        (stick(firmware=told("TEMPer2_V9.9", b"\0")), "temper.unknown_firmware"),
        (stick(firmware=b"\xff" * 16), "temper.garbled"),
        (stick("80800b544e200000"), "temper.short"),
        (stick("80804e204e20000080014e204e200000"), "temper.no_probe"),
        (stick("808021344e200000800121344e200000"), "temper.implausible"),  # 85.00, not converted yet
        (stick("80800b544e200000800100004e200000"), "temper.implausible"),
    ],
)  # fmt: skip
def test_trouble_ends_in_a_code(trouble: Stick, code: str) -> None:
    assert failure(thermometer(trouble)) == code
    assert trouble.opened == 0


@pytest.mark.parametrize("command", range(4))
def test_pulled_between_the_question_and_the_answer(command: int) -> None:
    pulled = stick(unplug_at_write=command)
    assert failure(thermometer(pulled)) == "temper.unplugged"
    assert failure(thermometer(pulled)) == "sensor.missing"


def test_pulled_before_the_question() -> None:
    class Late(Library):
        def device(self) -> object:  # type: ignore[override]
            handle = super().device()
            library = self

            class Closing:
                open_path, close = handle.open_path, handle.close

                def read(self, max_length: int, timeout_ms: int) -> list[int]:
                    return []

                def write(self, buff: bytes) -> int:
                    library.sticks[0].unplugged = True
                    return handle.write(buff)

            return Closing()

    assert failure(TemperThermometer(UsbSticks(Late(stick())))) == "temper.unplugged"  # type: ignore[arg-type]


# ------------------------------------------------------------------ health


def test_health() -> None:
    good = thermometer(stick()).health()
    assert (good.ready, good.notes) == (Answer.YES, ())
    assert good.readings == {"firmware": "TEMPer2_V4.1", "port": "1-2"}
    assert thermometer().health().ready is Answer.NO
    for trouble, note in (
        (stick(firmware=b""), "temper.silent"),
        (stick(locked=True), "temper.no_access"),
        (stick(unplug_at_write=0), "temper.unplugged"),
        (stick(firmware=told("TEMPer9_V9.9")), "temper.unknown_firmware"),
    ):
        assert thermometer(trouble).health().notes == (note,)


# ------------------------------------------------------------------ nonsense


@given(
    model=st.sampled_from(MODELS),
    answers=st.lists(
        st.one_of(
            st.binary(max_size=24),
            st.builds(lambda rest: b"\x80\x80" + rest, st.binary(min_size=6, max_size=14)),
            st.just(COOL),
        ),
        min_size=1,
        max_size=6,
    ),
    pulled=st.integers(-1, 6),
)
def test_fuzzed_answers_end_in_a_code_or_in_what_three_answers_say(
    model: object, answers: list[bytes], pulled: int
) -> None:
    assert isinstance(model, type(MODELS[0]))
    fuzzed = Stick(firmware=told(model.prefix), answers=list(answers), unplug_at_write=pulled)
    reading = outcome(thermometer(fuzzed).read)
    if isinstance(reading, Reading):
        assert 5 <= reading.value <= 60
        assert len(reading.evidence.split()) == 4
        assert all(bytes.fromhex(raw)[0] == 0x80 for raw in reading.evidence.split()[1:])
    assert fuzzed.opened == 0


@given(firmware=st.binary(max_size=24))
def test_fuzzed_firmware_is_never_a_temperature(firmware: bytes) -> None:
    assert failure(thermometer(Stick(firmware=firmware, answers=[COOL]))).startswith("temper.")


# ------------------------------------------------------------------ the serial stick


def serial_thermometer(port: str) -> TemperThermometer:
    return TemperThermometer(SerialSticks(port), reads=2, sleep=lambda seconds: None)


@pytest.mark.real
@pytest.mark.parametrize(
    ("text", "celsius", "channel"),
    [
        (b"Temp-Inner:24.62 [C],41.38 [%RH]\r\nTemp-Outer:22.50 [C]\r\n", 22.5, "outer"),
        (b"Temp-Inner:24.62 [C],41.38 [%RH]\r\n", 24.62, "inner"),
        (b"Temp-Inner:24.62 [C],41.38 [%RH]\r\nTemp-Outer:200.00 [C]\r\n", 24.62, "inner"),
    ],
)
def test_the_serial_stick(text: bytes, celsius: float, channel: str) -> None:
    answers = {b"Version": b"TEMPerX232_V2.0\r\n", b"ReadTemp": text}
    with SerialDevice(lambda question: answers[question]) as device:
        reading = serial_thermometer(device.port).read()
        assert (reading.value, reading.source) == (celsius, f"TEMPerX232_V2.0/{channel}@{device.port}")
        assert serial_thermometer(device.port).measure().humidity == 41.38
        assert serial_thermometer(device.port).health().ready is Answer.YES


@pytest.mark.real
@pytest.mark.parametrize(
    ("version", "text", "code"),
    [
        (b"TEMPerX232_V9.9\r\n", b"", "temper.unknown_firmware"),
        (b"", b"", "temper.silent"),
        (b"TEMPerX232_V2.0", b"", "temper.silent"),
        (b"TEMPerX232_V2.0", b"Temp-Inner:76.10 [F]\r\n", "temper.garbled"),
        (b"TEMPerX232_V2.0", b"Temp-Inner:nan [C]\r\n", "temper.no_probe"),
        (b"TEMPerX232_V2.0", b"Temp-Inner:200.00 [C]\r\n", "temper.no_probe"),
        (b"TEMPerX232_V2.0", b"Temp-Inner:99.00 [C]\r\n", "temper.implausible"),
        (b"TEMPerX232_V2.0", b"<html>" * 200, "temper.garbled"),
        (b"TEMPerX232_V2.0", b"\xff\xfe\0\0", "temper.no_probe"),
        (b"TEMPerX232_V2.0", None, "temper.unplugged"),
    ],
)
def test_a_serial_stick_in_trouble(version: bytes, text: bytes | None, code: str) -> None:
    with SerialDevice(lambda question: version if question == b"Version" else text) as device:
        assert failure(serial_thermometer(device.port)) in {code, "temper.silent" if text is None else code}
    assert failure(serial_thermometer("/dev/ttyNONE9")) == "sensor.missing"
    assert failure(serial_thermometer("/")) == "temper.no_access"
    assert serial_thermometer("/dev/ttyNONE9").health().ready is Answer.NO
