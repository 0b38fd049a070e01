"""What SIAK answers, read strictly: a field that is missing, of a wrong type or out of range refuses the answer.

Shapes: domain.md 4 and the field list of the Dukcapil web service (look-up), resources/siak/kontrak.yaml (the rest).
A refusal names the field, never its value: nothing of an answer gets into an exception.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from ktpel_desktop.core.enrolment import Enrolment
from ktpel_desktop.core.errors import Effect, GatewayError, PolicyError
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.ports import Reception, SiakRecord
from ktpel_desktop.core.print_order import PrintOrder
from ktpel_desktop.siak.refusals import refuse_look_up

ENROLMENT_TEXTS = {"BELUM REKAM": Enrolment.UNREGISTERED.value}
"""What some services say instead. "SUDAH REKAM" does not tell whether the card may be printed, so it stays, and so
does a state that is new: the core takes neither for printable."""

_KEPT_BACK = {"NIK", "NIK_AYAH", "NIK_IBU", "NAMA_LGKP_AYAH", "NAMA_LGKP_IBU", "EKTP_STATUS"}
"""Not handed on: the NIK travels masked by its type, and the print room needs no parents (UU 27/2022)."""

_SEX = {"1": "LAKI-LAKI", "2": "PEREMPUAN", "LAKI-LAKI": "LAKI-LAKI", "PEREMPUAN": "PEREMPUAN"}
_NO_BLOOD_GROUP = {"", "-", "13", "TIDAK TAHU"}
_DATE = re.compile(
    r"(?:(?P<d>\d{2})-(?P<m>\d{2})-(?P<y>\d{4})|(?P<Y>\d{4})-(?P<M>\d{2})-(?P<D>\d{2}))", re.ASCII
)


def _digits(value: object) -> object:
    """Numbers come as JSON numbers or as text, by service."""
    return str(value) if type(value) is int and 0 <= value < 10**20 else value


def _small(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d{1,3}", value.strip(), re.ASCII):
        return int(value)
    return value


def _text(value: object) -> object:
    return "" if value is None else value


def _date(value: object) -> object:
    if value is None or value in ("", "-"):
        return None
    if not isinstance(value, str) or not (found := _DATE.fullmatch(value.strip()[:10])):
        raise ValueError
    part = found.groupdict()
    return date(int(part["y"] or part["Y"]), int(part["m"] or part["M"]), int(part["d"] or part["D"]))


def _sex(value: object) -> object:
    return _SEX[str(_digits(value)).strip().upper()] if str(value).strip().upper() in _SEX else None


def _blood(value: object) -> object:
    text = _text(_digits(value))
    return "-" if isinstance(text, str) and text.strip().upper() in _NO_BLOOD_GROUP else text


def _enrolment(value: object) -> object:
    text = value.strip().upper() if isinstance(value, str) else value
    return ENROLMENT_TEXTS.get(text, text) if isinstance(text, str) else text


_strip = StringConstraints(strip_whitespace=True, max_length=200)
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
MaybeWords = Annotated[str, BeforeValidator(_text), _strip]
Sixteen = Annotated[
    str, BeforeValidator(_digits), StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{16}$")
]
MaybeDigits = Annotated[
    str,
    BeforeValidator(lambda value: _text(_digits(value))),
    StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{0,20}$"),
]
Neighbourhood = Annotated[int, BeforeValidator(_small), Field(ge=0, le=999)]
Day = Annotated[date, BeforeValidator(_date)]
MaybeDay = Annotated[date | None, BeforeValidator(_date)]

# Built at first use: the window need not wait for them.
_STRICT = ConfigDict(strict=True, extra="ignore", frozen=True, hide_input_in_errors=True, defer_build=True)


class ResidentRow(BaseModel):
    """One element of `content`: the fields of dukcapil_ws_fields.csv. Those printed on the card must be there."""

    model_config = _STRICT

    NIK: Sixteen
    NAMA_LGKP: Words
    TMPT_LHR: Words
    TGL_LHR: Day
    JENIS_KLMIN: Annotated[str, BeforeValidator(_sex)]
    GOL_DARAH: Annotated[str, BeforeValidator(_blood), _strip] = "-"
    ALAMAT: Words
    NO_RT: Neighbourhood
    NO_RW: Neighbourhood
    KEL_NAME: Words
    KEC_NAME: Words
    KAB_NAME: Words
    PROP_NAME: Words
    AGAMA: Words
    STATUS_KAWIN: Words
    JENIS_PKRJN: Words
    NO_KK: MaybeDigits = ""
    STAT_HBKEL: MaybeWords = ""
    PDDK_AKH: MaybeWords = ""
    NO_AKTA_LHR: MaybeWords = ""
    TGL_KWN: MaybeDay = None
    NO_AKTA_KWN: MaybeWords = ""
    TGL_CRAI: MaybeDay = None
    NO_AKTA_CRAI: MaybeWords = ""
    NIK_AYAH: MaybeDigits = ""
    NAMA_LGKP_AYAH: MaybeWords = ""
    NIK_IBU: MaybeDigits = ""
    NAMA_LGKP_IBU: MaybeWords = ""
    DUSUN: MaybeWords = ""
    NO_KEL: MaybeDigits = ""
    NO_KEC: MaybeDigits = ""
    NO_KAB: MaybeDigits = ""
    NO_PROP: MaybeDigits = ""
    KODE_POS: MaybeDigits = ""
    EKTP_STATUS: Annotated[str, BeforeValidator(_enrolment), StringConstraints(pattern=r"^[A-Z_ ]{1,40}$")]
    EKTP_CREATED: MaybeDay = None
    EKTP_LOCAL_ID: MaybeWords = ""


class _LookUpAnswer(BaseModel):
    model_config = _STRICT
    content: list[dict[str, Any]] | dict[str, Any]


class _OrderAnswer(BaseModel):
    model_config = _STRICT
    order_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    job_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    nik: Annotated[str, StringConstraints(pattern=r"^[0-9]{16}$")]
    content: Annotated[str, StringConstraints(min_length=1)]
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    issued_at: AwareDatetime
    expires_at: AwareDatetime
    authority: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    signature: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    security_object: Annotated[str, StringConstraints(min_length=1, max_length=4000)]


class Problem(BaseModel):
    """A refusal by RFC 9457; `code` is from the contract, `enrolment` only where it is the reason."""

    model_config = _STRICT
    code: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
    enrolment: Annotated[str, StringConstraints(pattern=r"^[A-Z_ ]{1,40}$")] = ""


class _ReceivedAnswer(BaseModel):
    model_config = _STRICT
    delivery_id: str
    reception: Literal["accepted", "already_had"]


class _HealthAnswer(BaseModel):
    model_config = _STRICT
    status: str
    training: bool = False


_Model = TypeVar("_Model", bound=BaseModel)


def read_record(body: bytes, asked: Nik) -> SiakRecord:
    """The record in a look-up's answer.

    Raises GatewayError as `refusals.refuse_look_up` does, "siak.answer_malformed" naming the field,
    "siak.answer_other_nik", "siak.duplicate" where one NIK has records that differ. The effect is NONE: the
    look-up was answered and changed nothing.
    """
    content = _read(_LookUpAnswer, body, Effect.NONE).content
    rows: Sequence[Mapping[str, Any]] = content if isinstance(content, list) else [content]
    if not rows:
        raise GatewayError("siak.answer_malformed", field="content")
    refuse_look_up(rows[0])
    if any(row != rows[0] for row in rows[1:]):
        raise GatewayError("siak.duplicate")
    row, field = None, ""
    try:
        row = ResidentRow.model_validate(rows[0])
    except ValidationError as error:
        field = _where(error)
    if row is None:
        raise GatewayError("siak.answer_malformed", field=field)
    if _nik(row.NIK, "NIK", Effect.NONE) != asked:
        raise GatewayError("siak.answer_other_nik")
    shown = {name: _shown(name, value) for name, value in row if name not in _KEPT_BACK}
    return SiakRecord(asked, shown, row.EKTP_STATUS)


def read_order(body: bytes) -> PrintOrder:
    """The print order in an answer, not yet believed. Times in UTC, as they are signed.

    Raises GatewayError "siak.answer_malformed", effect UNKNOWN: SIAK may have made the order.
    """
    answer = _read(_OrderAnswer, body, Effect.UNKNOWN)
    return PrintOrder(
        order_id=answer.order_id,
        job_id=answer.job_id,
        nik=_nik(answer.nik, "nik", Effect.UNKNOWN),
        content=_bytes(answer.content, "content"),
        digest=answer.digest,
        issued_at=_utc(answer.issued_at, "issued_at"),
        expires_at=_utc(answer.expires_at, "expires_at"),
        authority=answer.authority,
        signature=_bytes(answer.signature, "signature"),
        security_object=_bytes(answer.security_object, "security_object"),
    )


def read_reception(body: bytes, delivery_id: str) -> Reception:
    """SIAK's word that it has the delivery. It must name it: a portal's or proxy's "200 OK" is none.

    Raises GatewayError "siak.answer_malformed", effect UNKNOWN.
    """
    answer = _read(_ReceivedAnswer, body, Effect.UNKNOWN)
    if answer.delivery_id != delivery_id:
        raise GatewayError("siak.answer_malformed", Effect.UNKNOWN, field="delivery_id")
    return Reception(answer.reception)


def read_health(body: bytes) -> str:
    """SIAK's word about itself: "ok", or something else. Raises GatewayError "siak.answer_malformed"."""
    return _read(_HealthAnswer, body, Effect.NONE).status


def read_problem(body: bytes) -> Problem | None:
    """The refusal in an answer, or None where it is not one of the contract."""
    try:
        return Problem.model_validate_json(body)
    except ValidationError:
        return None


def _read(model: type[_Model], body: bytes, effect: Effect) -> _Model:
    field = ""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        field = _where(error)
    raise GatewayError("siak.answer_malformed", effect, field=field)


def _where(error: ValidationError) -> str:
    """Name of the first field that is wrong; only names of ours, never a key or value of the answer."""
    place = error.errors(include_url=False, include_context=False, include_input=False)[0]["loc"]
    return str(place[0]) if place else "json"


def _nik(digits: str, field: str, effect: Effect) -> Nik:
    try:
        return Nik.parse(digits)
    except PolicyError:
        pass
    raise GatewayError("siak.answer_malformed", effect, field=field)


def _bytes(text: str, field: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        pass
    raise GatewayError("siak.answer_malformed", Effect.UNKNOWN, field=field)


def _utc(moment: datetime, field: str) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        pass
    raise GatewayError("siak.answer_malformed", Effect.UNKNOWN, field=field)


def _shown(name: str, value: object) -> str:
    if name in ("NO_RT", "NO_RW"):
        return f"{value:03}"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
