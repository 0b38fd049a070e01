"""The register of the room's devices and what they draw, beside the supply and the instruction's three groups."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel

from ktpel_desktop import placement_words
from ktpel_desktop.core.flow import FieldKind
from ktpel_desktop.core.placement import Condition, DeviceKind, FoundDevice
from ktpel_desktop.core.power_capacity import Fit
from ktpel_desktop.core.roles import Action, Actor
from ktpel_desktop.services import placement
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.services.placement import Line, Offers, PowerBudget
from ktpel_desktop.ui import theme, words
from ktpel_desktop.ui.dialogs import AskFields
from ktpel_desktop.ui.keys import sequence
from ktpel_desktop.ui.pages.page import Page, scrolled
from ktpel_desktop.ui.runner import Lane
from ktpel_desktop.ui.theme import Tone
from ktpel_desktop.ui.widgets.editors import editor_for
from ktpel_desktop.ui.widgets.facts import Facts
from ktpel_desktop.ui.widgets.lamps import Lamp
from ktpel_desktop.ui.widgets.panel import Section
from ktpel_desktop.ui.widgets.placement_form import PlacementForm, facts_of
from ktpel_desktop.ui.widgets.tables import Column, RowsView
from ktpel_desktop.ui.workplace import Workplace

FORM_WIDTH = 320
CONDITIONS = {
    Condition.GOOD: Tone.OK,
    Condition.LIGHT_DAMAGE: Tone.WARN,
    Condition.HEAVY_DAMAGE: Tone.BAD,
    Condition.TAKEN_AWAY: Tone.PLAIN,
}
FITS = {
    Fit.ENOUGH: Tone.OK,
    Fit.NO_RESERVE: Tone.WARN,
    Fit.TOO_SMALL: Tone.BAD,
    Fit.UNKNOWN: Tone.UNKNOWN,
}


def both(desk: Desk, actor: Actor) -> tuple[tuple[Line, ...], PowerBudget]:
    """The register and its budget."""
    return placement.register(desk, actor), placement.power_budget(desk, actor)


class PlacementPage(Page):
    """The register at the left, one line at the right; who may not place devices only reads."""

    topic = "kesiapan"
    heading = "Daftar perangkat"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._reading = False
        self._beginning = False  # a new line was asked for and nothing typed yet
        self._kept: int | None = None  # to be chosen once the register was read again
        may = place.may(Action.PLACE_DEVICES)
        self.new_button = self.action("Perangkat baru", "plus", self.begin, key="F2")
        self.find_button = self.action("Cari perangkat", "search", self.look_around, key="F6")
        self.table = RowsView(
            (
                Column("No.", lambda line: str(line.number), width=4, right=True),
                Column("Perangkat", _named),
                Column("Nomor seri", lambda line: line.device.serial or "–", width=12),
                Column(
                    "Kondisi",
                    lambda line: words.word("device_condition", line.device.condition),
                    lambda line: CONDITIONS[line.device.condition],
                    width=12,
                ),
            ),
            "Daftar perangkat",
            key=lambda line: line.number,
        )
        self.table.say_empty("Belum ada perangkat yang dicatat.")
        self.table.chosen.connect(lambda *_: self._chosen())
        left = Section()
        left.column.setContentsMargins(1, 1, 1, 1)
        self.table.setFrameShape(RowsView.Shape.NoFrame)
        left.add(self.table, 1)
        self.form = PlacementForm()
        if may:
            self.table.opened.connect(lambda _line: self.form.setFocus(Qt.FocusReason.OtherFocusReason))
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_L)
        row.addWidget(left, 1)
        self.facts, self.read = Facts(), Section("Perangkat ini")
        self.read.add(self.facts)
        self.read.column.addStretch()
        self.beside = scrolled(self.form if may else self.read)
        self.beside.setFixedWidth(FORM_WIDTH)
        row.addWidget(self.beside)
        self.body.addLayout(row, 1)
        self.fit, self.groups, self.budget = Lamp("Daya"), QLabel(), Section()
        self.groups.setWordWrap(True)
        self.supply = QLabel()
        self.supply.setWordWrap(True)
        for told in (self.fit, self.groups, self.supply):
            self.budget.add(told)
        self.body.addWidget(self.budget)
        bar = QHBoxLayout()
        bar.setSpacing(theme.GAP)
        bar.addWidget(self.action("Kembali", "back", self.leave, in_head=False))
        bar.addStretch()
        self.undo_button = self.action("Batalkan isian", "cancel", self.undo, in_head=False)
        self.keep_button = self.action("Simpan", "done", self.keep, key="F4", primary=True, in_head=False)
        bar.addWidget(self.undo_button)
        bar.addWidget(self.keep_button)
        self.body.addLayout(bar)
        self.form.edited.connect(self.settle)
        for widget in (self.new_button, self.find_button, self.undo_button, self.keep_button):
            widget.setVisible(may)
        leave = QShortcut(sequence("Esc"), self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self.leave)
        self.setFocusProxy(self.table)
        self.settle()

    # ------------------------------------------------------------ showing

    def refresh(self) -> None:
        """The register as it is now; what is being typed stays."""
        self.ask(both, done=self._show)

    def _show(self, found: tuple[Sequence[Line], PowerBudget]) -> None:
        lines, budget = found
        self._reading = True
        self.table.show_rows(lines)
        place = next((at for at, line in enumerate(lines) if line.number == self._kept), None)
        if place is not None:  # else the register was read before the line was kept
            self.table.selectRow(place)
            self._kept = None
        self._reading = False
        self._show_budget(budget)
        if self._beginning:
            self.table.clearSelection()
        else:
            self._chosen()

    def _show_budget(self, budget: PowerBudget) -> None:
        self.fit.show_state(FITS[budget.fit], words.word("load_fit", budget.fit))
        self.supply.setText(placement_words.supply_of(budget.supply))
        groups = [
            f"{words.word('load_group', one.group)} {words.number(round(one.load.watts))} W"
            + (f" (instruksi {words.number(one.instructed_watts)} W)" if one.instructed_watts else "")
            for one in budget.needed.groups
        ]
        total = budget.needed.total
        groups.append(
            f"Jumlah {words.number(round(total.watts))} W, {words.number(round(total.volt_amperes))} VA"
        )
        if budget.needed.unread:
            groups.append(f"Label belum dibaca: {', '.join(budget.needed.unread)}")
        self.groups.setText("  ·  ".join(groups))

    def _chosen(self) -> None:
        """A row was chosen, by a person: what the list does while it is read again is no choice."""
        if self._reading:
            return
        line: Line | None = self.table.current()
        if line is not None and not self.form.dirty:
            self._beginning, self._kept = False, line.number
            self.form.show_line(line)
            self.facts.show_rows(facts_of(line))
        self.settle()

    def settle(self) -> None:
        """What can be done now."""
        free = not self.working
        self.keep_button.setEnabled(free and self.form.dirty)
        self.undo_button.setEnabled(free and self.form.dirty)

    # ------------------------------------------------------------ acts

    def begin(self, found: FoundDevice | None = None) -> None:
        """An empty form, or one with what was found; what was being typed is kept first or taken back."""
        if self.form.dirty:
            self._keep_first()
            return
        self._beginning = True
        self.table.clearSelection()
        self.form.begin(found)
        self.beside.ensureVisible(0, 0)
        self.form.setFocus(Qt.FocusReason.OtherFocusReason)
        self.settle()

    def undo(self) -> None:
        """Take back what was typed."""
        self._beginning = False
        self.form.begin()
        self._chosen()

    def keep(self) -> None:
        """Into the register, journalled."""
        device = self.form.device()
        if device is None:
            return

        def done(line: Line) -> None:
            self._beginning, self._kept = False, line.number
            self.form.show_line(line)
            self.refresh()
            self.place.messages.say(
                "Daftar perangkat diperbarui", f"Baris {line.number}: {device.make}.", Tone.OK
            )

        if self.form.number is None:
            self.act(placement.add, device, done=done)
        else:
            self.act(placement.change, self.form.number, device, self.form.why(), done=done)

    def look_around(self) -> None:
        """What this PC sees and the register does not have."""
        if self.form.dirty:
            self._keep_first()
        else:
            self.act(placement.find, lane=Lane.DEVICE, done=self._offer)

    def _offer(self, offers: Offers) -> None:
        notes = "; ".join(words.note(note) for note in offers.notes)
        if not offers.devices:
            self.place.messages.say("Tidak ada perangkat baru yang terlihat", notes)
            return
        options = [(str(place), _offered(one)) for place, one in enumerate(offers.devices)]
        AskFields(
            self,
            "Perangkat yang terlihat",
            f"Pilih satu, lalu lengkapi isiannya.{f' Tidak terlihat semua: {notes}.' if notes else ''}",
            ("Isikan", "next"),
            [editor_for(FieldKind.CHOICE, "Perangkat", "", options, required=True)],
            lambda answers: self.begin(offers.devices[int(str(answers[0]))]),
        )

    def leave(self) -> None:
        """Back to the readiness, unless something was typed and not kept."""
        if self.may_leave():
            self.place.go("readiness")
        else:
            self._keep_first()

    def may_leave(self) -> bool:
        """Not while something typed is not kept."""
        return super().may_leave() and not self.form.dirty

    def why_not(self) -> tuple[str, str, str]:
        """It works, or something was typed."""
        if self.working:
            return super().why_not()
        return (
            "Isian belum disimpan",
            "Perangkat yang diketik belum masuk daftar.",
            "Simpan atau batalkan dahulu.",
        )

    def _keep_first(self) -> None:
        title, _text, step = self.why_not()
        self.place.messages.say(title, step, Tone.WARN)


def _named(line: Line) -> str:
    pieces = placement_words.pieces_of(line.device)
    kind = line.device.kind
    return pieces if kind is DeviceKind.OTHER else f"{words.word('device_kind', kind)}: {pieces}"


def _offered(one: FoundDevice) -> str:
    kind = words.word("device_kind", one.kind) if one.kind is not None else "jenis tidak diketahui"
    serial = f", nomor seri {one.serial}" if one.serial else ""
    return f"{one.make} ({kind}{serial}; {one.where})"
