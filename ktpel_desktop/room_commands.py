"""Commands of the room check: the check as a monitoring plug-in has it, and the Dinas' end of the line test.

Exit codes and first line of `periksa` are those of the Monitoring Plugins guidelines: 0 OK, 1 WARNING, 2 CRITICAL,
3 UNKNOWN, and `text | 'label'=value[UOM];warn;crit;min;max`. The worst item decides, in the order CRITICAL, WARNING,
UNKNOWN, OK: an item that is known to fail must not hide behind one that nobody could measure. A waived item counts OK.
"""

from __future__ import annotations

import io
import json
import signal
import sys
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ktpel_desktop import bootstrap, room_words, startup
from ktpel_desktop.core.errors import KtpelError, PolicyError, StoreError
from ktpel_desktop.core.room import RoomCheck
from ktpel_desktop.core.room_items import ITEM, ItemId
from ktpel_desktop.core.room_limits import Status
from ktpel_desktop.services import preflight, room_minutes
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.spoken import word
from ktpel_desktop.whole_file import whole_file

EXIT = {"OK": 0, "WARNING": 1, "CRITICAL": 2, "UNKNOWN": 3}
_WORST_FIRST = ("CRITICAL", "WARNING", "UNKNOWN", "OK")
_PLUGIN = {
    Status.OK: "OK",
    Status.WAIVED: "OK",
    Status.WARNING: "WARNING",
    Status.CRITICAL: "CRITICAL",
    Status.UNKNOWN: "UNKNOWN",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """How an item's value is told: label, the unit in which it is kept, UOM (the guidelines know few), and ranges.

    A range `a:b` alerts outside of it, `a:` below a.
    """

    label: str
    unit: str
    uom: str = ""
    warn: str = ""
    critical: str = ""
    least: str = ""
    most: str = ""


FIGURES: Mapping[ItemId, Figure] = {
    ItemId.AREA: Figure("luas_m2", "m²", "", "19:", "16:", "0"),
    ItemId.TEMPERATURE: Figure("suhu_celsius", "°C", "", "20.5:24.5", "19:26"),
    ItemId.POWER_CAPACITY: Figure("daya_watt", "W", "", "", "3500:", "0"),
    ItemId.POWER_CONDITION: Figure("tegangan_volt", "V", "", "198:242", "", "0"),
    ItemId.POWER_USED: Figure("terpakai_watt", "W", "", "0:3500", "", "0"),
    ItemId.POWER_LOAD: Figure("beban", "%", "%", "0:80", "0:95", "0"),
    ItemId.CLOCK: Figure("jam", "s", "s", "-2:2", "-60:60"),
    ItemId.DISK: Figure("penyimpanan_gb", "GB", "", "2:", "0.5:", "0"),
    ItemId.BLANKS: Figure("blangko", "keping", "", "", "1:", "0"),
    ItemId.SUPPLIES: Figure("pita_kartu", "kartu", "", "", "1:", "0"),
    ItemId.NETWORK_24_7: Figure("jaringan", "%", "%", "99.5:", "98:", "0", "100"),
    ItemId.BANDWIDTH: Figure("kecepatan_mbps", "Mbps", "", "6.3:", "5.7:", "0"),
}


def serve_line_tests(host: str, port: int | None) -> int:
    """Answer line tests until Ctrl+C or SIGTERM. Exit code 0. Raises DeviceError "line.cannot_serve"."""
    from ktpel_desktop.devices.bandwidth import protocol, server

    told_to_stop: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _frame: told_to_stop.append(got))

    def ready(listening: int) -> None:
        where = host or "semua alamat"
        print(f"Peladen uji mendengarkan: {where}, port {listening}. Berhenti dengan Ctrl+C.", flush=True)

    server.serve(
        host,
        protocol.PORT if port is None else port,
        ready=ready,
        stopped=lambda: bool(told_to_stop),
    )
    print("Peladen uji berhenti.", flush=True)
    return 0


def check_room(
    settings_path: Path | None,
    only: Sequence[str],
    *,
    as_json: bool,
    folder: Path | None = None,
    minutes: Path | None = None,
) -> int:
    """Walk through the room of the office in `folder`; whatever goes wrong with that is UNKNOWN, never a silent OK.

    It measures and keeps what it found, but is not the day's room check, which a person does. Into the file `minutes`
    go the minutes of the room as it counts after the walk; a file that cannot be written turns OK into UNKNOWN.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a log of Windows' scheduler has no sign for everything
    try:
        wanted = _wanted(only)
        chosen = startup.always_open(startup.read_settings(settings_path))
        with bootstrap.open_training(
            folder or startup.data_folder(), chosen, pace=lambda _seconds: None
        ) as office:
            from ktpel_desktop.training import people

            people.begin(office)
            checks = _walk(office.desk, wanted)
            tell = _tell_json if as_json else _tell
            tell(office.desk, checks)
            code = EXIT[conclusion(checks)]
            if minutes is not None and not _written(office.desk, minutes):
                return code or EXIT["UNKNOWN"]
            return code
    except KtpelError as error:
        return _not_checked(startup.explain(error), as_json=as_json)
    except Exception:  # noqa: BLE001 - Python's own exit code 1 would read as WARNING
        traceback.print_exc()
        return _not_checked("Program gagal memeriksa; rinciannya di stderr.", as_json=as_json)


def conclusion(checks: Iterable[RoomCheck]) -> str:
    """The plug-in's one word; nothing looked at is UNKNOWN."""
    found = {_PLUGIN[check.status] for check in checks}
    return next((word for word in _WORST_FIRST if word in found), "UNKNOWN")


def first_line(checks: Sequence[RoomCheck]) -> str:
    """`KTPEL <word> - <sentence> | <figures>`."""
    figures = " ".join(filter(None, map(figure, checks)))
    line = f"KTPEL {conclusion(checks)} - {_sentence(checks)}".replace("|", "/")
    return f"{line} | {figures}" if figures else line


def figure(check: RoomCheck) -> str:
    """The item's performance data; empty where it has no figure, or none in its unit."""
    how = FIGURES.get(check.item)
    if how is None or check.value is None or check.unit != how.unit:
        return ""
    value = _plain(check.value)
    told = f"'{how.label}'={value}{how.uom};{how.warn};{how.critical};{how.least};{how.most}"
    return told.rstrip(";")


def _plain(value: float) -> str:
    """Never with an exponent, which the guidelines do not know."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _wanted(only: Sequence[str]) -> frozenset[ItemId]:
    known = set(ItemId)
    for name in only:
        if name not in known:
            raise PolicyError("room.item_not_known", item=name, known=", ".join(ItemId))
    return frozenset(ItemId(name) for name in only) or frozenset(ItemId)


def _walk(desk: Desk, wanted: frozenset[ItemId]) -> tuple[RoomCheck, ...]:
    from ktpel_desktop.training.people import OPERATOR

    return preflight.run(desk, OPERATOR, items=wanted, by_person=False)


def _written(desk: Desk, path: Path) -> bool:
    """Whether the minutes are in the file; why not stands on stderr, for stdout belongs to the plug-in."""
    from ktpel_desktop.training.people import OPERATOR

    try:
        with whole_file(path) as out:
            out.write(room_minutes.pdf(desk, OPERATOR))
    except StoreError as error:
        print(startup.explain(error), file=sys.stderr)
        return False
    return True


def _sentence(checks: Sequence[RoomCheck]) -> str:
    told = []
    for status in (Status.CRITICAL, Status.WARNING, Status.UNKNOWN, Status.WAIVED):
        names = [room_words.name_of(check.item) for check in checks if check.status is status]
        if names:
            told.append(f"{len(names)} {word('room_status', status)} ({', '.join(names)})")
    if not told:
        return f"{len(checks)} butir, semuanya baik"
    return f"{len(checks)} butir: {'; '.join(told)}"


def _tell(desk: Desk, checks: Sequence[RoomCheck]) -> None:
    print(first_line(checks))
    print(f"{_office(desk)}, {desk.clock.now().astimezone(desk.office.timezone):%d-%m-%Y %H:%M}")
    for check in checks:
        print(_line(check))


def _line(check: RoomCheck) -> str:
    seen = [room_words.value_of(check)] if check.value is not None or check.text else []
    limit = [f"batas {room_words.limit_of(check)}"] if check.limit and seen else []
    facts = "; ".join([*seen, *limit])
    line = f"{room_words.name_of(check.item)}: {word('room_status', check.status)}"
    line += f" ({facts})" if facts else ""
    if check.status is Status.WAIVED:
        return f"{line} – {check.waived_by}: {check.waived_reason}"
    if check.status is Status.OK:
        return line
    return f"{line} – {room_words.advice_of(check.advice)} [{word('room_who', check.who)}]"


def _tell_json(desk: Desk, checks: Sequence[RoomCheck]) -> None:
    _print_json(
        {
            "versi": startup.version(),
            "waktu": desk.clock.now().astimezone(desk.office.timezone).isoformat(timespec="seconds"),
            "kantor": _office(desk),
            "kesimpulan": conclusion(checks),
            "butir": [_facts(check) for check in checks],
        }
    )


def _facts(check: RoomCheck) -> dict[str, object]:
    return {
        "id": check.item,
        "nama": room_words.name_of(check.item),
        "kelompok": ITEM[check.item].group,
        "status": check.status,
        "nilai": check.value,
        "satuan": check.unit,
        "batas": check.limit,
        "keterangan": check.text,
        "kode_saran": check.advice,
        "saran": "" if check.status in (Status.OK, Status.WAIVED) else room_words.advice_of(check.advice),
        "siapa": check.who,
        "diukur": check.measured_at.isoformat(timespec="seconds"),
        "sumber": check.source,
        "cara": check.method,
        "oleh": check.by,
        "bukti": list(check.evidence),
        "wajib": check.blocking,
        "menghalangi": check.blocks,
        "dikecualikan_oleh": check.waived_by,
        "alasan_pengecualian": check.waived_reason,
        "dokumen": check.document,
        "berlaku_sampai": check.valid_until.isoformat(timespec="seconds") if check.valid_until else None,
    }


def _not_checked(told: str, *, as_json: bool) -> int:
    if as_json:
        _print_json(
            {
                "versi": startup.version(),
                "waktu": bootstrap.SystemClock()
                .now()
                .astimezone(bootstrap.WIB)
                .isoformat(timespec="seconds"),
                "kantor": "",
                "kesimpulan": "UNKNOWN",
                "butir": [],
                "galat": told,
            }
        )
    else:
        print(f"KTPEL UNKNOWN - {told}".replace("|", "/"))
    return EXIT["UNKNOWN"]


def _print_json(content: Mapping[str, object]) -> None:
    print(json.dumps(content, ensure_ascii=False, indent=2))


def _office(desk: Desk) -> str:
    return f"{desk.office.name}{' (latihan)' if desk.office.training else ''}"
