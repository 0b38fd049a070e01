"""One line of the register of devices, to be typed: kind, label, minutes, condition, power."""

from __future__ import annotations

from PySide6.QtCore import Signal

from ktpel_desktop import placement_words
from ktpel_desktop.core.placement import Condition, DeviceKind, FoundDevice, PlacedDevice
from ktpel_desktop.core.room_limits import ASSUMED_POWER_FACTOR
from ktpel_desktop.services.placement import Line
from ktpel_desktop.ui import words
from ktpel_desktop.ui.widgets.editors import Editor, LineEditor, SelectEditor, TickEditor
from ktpel_desktop.ui.widgets.panel import Section

_UNITS = (("W", "watt (W)"), ("VA", "volt-ampere (VA)"))


class PlacementForm(Section):
    """A new line, or one to be changed; `edited` is told at the first key, `number` is None for a new line."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__("Perangkat baru")
        self.number: int | None = None
        self.dirty = False
        self.kind = SelectEditor("Jenis", [(one.value, words.word("device_kind", one)) for one in DeviceKind])
        self.make = LineEditor("Merek dan tipe")
        self.serial = LineEditor("Nomor seri", "Boleh kosong untuk AC, lemari, dan lainnya.", required=False)
        self.count = LineEditor("Jumlah", number=True)
        self.document = LineEditor("Nomor berita acara (BAST)")
        self.day = LineEditor("Tanggal serah terima", "Tanggal, bulan, tahun: 31/12/2026.")
        self.condition = SelectEditor(
            "Kondisi", [(one.value, words.word("device_condition", one)) for one in Condition]
        )
        self.draw = LineEditor("Daya pada label", "Kosong bila tidak terbaca.", required=False, number=True)
        self.unit = SelectEditor("Satuan daya", _UNITS)
        self.factor = LineEditor("Faktor daya", "Kosong: dianggap 0,85.", required=False)
        self.on_ups = TickEditor("Tersambung ke UPS")
        self.reason = LineEditor("Alasan perubahan", "Misalnya: salah ketik, rusak, ditarik Sudin.")
        self.fields: tuple[Editor, ...] = (
            *(self.kind, self.make, self.serial, self.count, self.document, self.day, self.condition),
            *(self.draw, self.unit, self.factor, self.on_ups, self.reason),
        )
        for field in self.fields:
            self.add(field)
            field.changed.connect(self._touch)
        self.setFocusProxy(self.make)
        self.begin()

    def _touch(self) -> None:
        if not self.dirty:
            self.dirty = True
            self.edited.emit()

    def begin(self, found: FoundDevice | None = None) -> None:
        """An empty line, or one with what was found of a device."""
        kind = (found.kind if found is not None else None) or DeviceKind.PC
        made = PlacedDevice(kind, found.make if found else "", found.serial if found else "")
        self._fill(made)
        self.number, self.dirty = None, found is not None
        self.title.setText("Perangkat baru")
        self.reason.hide()

    def show_line(self, line: Line) -> None:
        """A line of the register, to be read or changed."""
        self._fill(line.device)
        self.number, self.dirty = line.number, False
        self.title.setText(f"Baris {line.number}")
        self.reason.show()

    def _fill(self, device: PlacedDevice) -> None:
        draw = device.volt_amperes if device.watts is None else device.watts
        stated = device.power_factor != ASSUMED_POWER_FACTOR
        for field, value in (
            (self.kind, device.kind.value),
            (self.make, device.make),
            (self.serial, device.serial),
            (self.count, device.count),
            (self.document, device.document),
            (self.day, f"{device.placed_on:%d/%m/%Y}" if device.placed_on else ""),
            (self.condition, device.condition.value),
            (self.draw, "" if draw is None else f"{draw:.0f}"),
            (self.unit, "W" if device.volt_amperes is None else "VA"),
            (self.factor, words.number(device.power_factor) if stated else ""),
            (self.on_ups, device.on_ups),
            (self.reason, ""),
        ):
            field.fill(value)
            field.show_error("")
        for shown in (self.make, self.document):
            shown.line.home(False)  # of a long text its beginning is read

    def device(self) -> PlacedDevice | None:
        """The line as typed; None, with a word beside the field and the keyboard there, where one cannot be read."""
        day = words.typed_day(str(self.day.answer() or ""))
        typed = self.factor.answer()
        factor = ASSUMED_POWER_FACTOR if typed is None else words.parse_number(str(typed))
        for field, wrong in (
            (self.make, "" if self.make.answer() else "Isian ini wajib."),
            (self.count, "" if self.count.answer() else "Isi sebuah angka, misalnya 1."),
            (self.document, "" if self.document.answer() else "Isian ini wajib."),
            (self.day, "" if day else "Contoh: 31/12/2026"),
            (self.factor, "" if factor is not None else "Contoh: 0,9"),
            (self.reason, "" if self.number is None or self.reason.answer() else "Isian ini wajib."),
        ):
            field.show_error(wrong)
        wrong_field = next((field for field in self.fields if field.error()), None)
        if wrong_field is not None or factor is None:
            (wrong_field or self.factor).setFocus()
            return None
        draw = self.draw.answer()
        watts = float(draw) if isinstance(draw, int) else None
        in_watts = self.unit.answer() == "W"
        count = self.count.answer()
        return PlacedDevice(
            kind=DeviceKind(str(self.kind.answer())),
            make=str(self.make.answer()),
            serial=str(self.serial.answer() or ""),
            document=str(self.document.answer()),
            placed_on=day,
            condition=Condition(str(self.condition.answer())),
            count=count if isinstance(count, int) else 1,
            watts=watts if in_watts else None,
            volt_amperes=None if in_watts else watts,
            power_factor=factor,
            on_ups=self.on_ups.answer() is True,
        )

    def why(self) -> str:
        """The reason of a change."""
        return str(self.reason.answer() or "")


def facts_of(line: Line) -> list[tuple[str, str]]:
    """A line for who only reads."""
    device = line.device
    return [
        ("Baris", str(line.number)),
        ("Jenis", words.word("device_kind", device.kind)),
        ("Merek dan tipe", placement_words.pieces_of(device)),
        ("Nomor seri", device.serial or "–"),
        ("Berita acara", device.document),
        ("Tanggal", f"{device.placed_on:%d/%m/%Y}" if device.placed_on else "–"),
        ("Kondisi", words.word("device_condition", device.condition)),
        ("Daya", placement_words.draw_of(device)),
        ("UPS", "tersambung" if device.on_ups else "tidak"),
    ]
