"""SIAK says no: the codes and texts of its refusals, each turned into the program's own code.

Look-up: errors stand inside a normal answer as `content[0].RESPONSE_CODE`, `RESPON` or `RESPONSE` (domain.md 4,
dukcapil_ws_errors.csv). Contract: problem documents (RFC 9457) with a `code`. SIAK's own sentences are never
passed on, for they may hold a name; an unknown code is passed on only where it is short and plain.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NoReturn

from ktpel_desktop.core.errors import Effect, GatewayError

_TEXT_FIELDS = ("RESPON", "RESPONSE", "RESPONSE_DESC")
_PLAIN_CODE = re.compile(r"[A-Za-z0-9_-]{1,12}", re.ASCII)

_TEXTS = {
    "data tidak ditemukan": "13",
    "login gagal": "login",
    "ip address tidak sesuai": "address",
    "kuota akses hari ini telah habis": "quota",
}


def refuse_look_up(row: Mapping[str, Any]) -> None:
    """Raise what the first element of a look-up's answer refuses; return where it is no refusal.

    Raises GatewayError "siak.deceased", "siak.duplicate", "siak.not_found", "siak.inactive", "siak.nik_refused",
    "siak.login_refused", "siak.caller_not_listed", "siak.quota_spent", "siak.refused_unknown" naming the code.
    Only the last four have nothing to do with the resident; none is ever tried again by the program.
    """
    code = row.get("RESPONSE_CODE")
    texts = [text for field in _TEXT_FIELDS if isinstance(text := row.get(field), str)]
    if code is None and not texts and not any(field in row for field in _TEXT_FIELDS):
        return
    # Some services put the number into RESPON itself, so it is looked for in both places.
    numbers = [str(value).strip() for value in (code, *texts) if isinstance(value, (str, int))]
    known = [_TEXTS[start] for text in texts for start in _TEXTS if _flat(text).startswith(start)]
    for reason in (*numbers, *known):
        match reason:
            case "11":
                raise GatewayError("siak.deceased")
            case "12":
                raise GatewayError("siak.duplicate")
            case "13":
                raise GatewayError("siak.not_found")
            case "14":
                raise GatewayError("siak.inactive")
            case "15":
                raise GatewayError("siak.nik_refused")
            case "login":
                raise GatewayError("siak.login_refused")
            case "address":
                raise GatewayError("siak.caller_not_listed")
            case "quota":
                raise GatewayError("siak.quota_spent")
    plain = next((number for number in numbers if _PLAIN_CODE.fullmatch(number)), "?")
    raise GatewayError("siak.refused_unknown", number=plain)


def refuse(status: int, code: str, enrolment: str = "") -> NoReturn:
    """Raise what a problem document of the contract refuses. The effect is NONE: SIAK did not do it.

    Raises GatewayError "siak.not_found", "siak.deceased", "siak.inactive", "siak.duplicate",
    "siak.not_printable" (with the enrolment state), "siak.already_issued", "siak.order_used",
    "siak.order_conflict", "siak.order_unknown", "siak.result_conflict", "siak.login_refused",
    "siak.caller_not_listed", "siak.quota_spent", "siak.request_malformed", "siak.refused_unknown".
    """
    _refuse_resident(code, enrolment)
    _refuse_caller(code)
    raise GatewayError("siak.refused_unknown", number=str(status))


def _refuse_resident(code: str, enrolment: str) -> None:
    match code:
        case "unknown_nik":
            raise GatewayError("siak.not_found")
        case "deceased":
            raise GatewayError("siak.deceased")
        case "inactive":
            raise GatewayError("siak.inactive")
        case "duplicate_record":
            raise GatewayError("siak.duplicate")
        case "not_printable":
            raise GatewayError("siak.not_printable", enrolment=enrolment)
        case "already_issued":
            raise GatewayError("siak.already_issued")
        case "order_used":
            raise GatewayError("siak.order_used")
        case "order_conflict":
            raise GatewayError("siak.order_conflict")
        case "unknown_order":
            raise GatewayError("siak.order_unknown")
        case "result_conflict":
            raise GatewayError("siak.result_conflict")


def _refuse_caller(code: str) -> None:
    match code:
        case "login_refused":
            raise GatewayError("siak.login_refused")
        case "caller_not_listed":
            raise GatewayError("siak.caller_not_listed")
        case "quota_spent":
            raise GatewayError("siak.quota_spent")
        case "malformed":
            raise GatewayError("siak.request_malformed")


def refuse_status(status: int, effect: Effect) -> NoReturn:
    """Raise what a status without a problem document means.

    `effect` is that of a server error: UNKNOWN where the call may have changed something. Raises GatewayError
    "siak.server_error", "siak.login_refused", "siak.caller_not_listed", "siak.quota_spent",
    "siak.answer_unexpected".
    """
    if 500 <= status <= 599:
        raise GatewayError("siak.server_error", effect, status=status)
    match status:
        case 401:
            raise GatewayError("siak.login_refused")
        case 403:
            raise GatewayError("siak.caller_not_listed")
        case 429:
            raise GatewayError("siak.quota_spent")
    if 400 <= status <= 499:
        raise GatewayError("siak.refused_unknown", number=str(status))
    raise GatewayError("siak.answer_unexpected", effect, status=status)


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold()
