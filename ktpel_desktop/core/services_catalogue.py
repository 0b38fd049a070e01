"""The services a kelurahan takes in: form, documents, what is withdrawn, legal basis, promise.

The catalogue is data (resources/layanan.toml), for forms and requirements change by regulation. `from_plain`
checks every line of it and names what is wrong. Law: UU 24/2013; Perpres 96/2018; Permendagri 108/2019, 109/2019.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import NoReturn, TypeVar

from ktpel_desktop.core.errors import PolicyError


class Product(StrEnum):
    """What a service ends in: a KTP-el printed here, or a document made in SIAK."""

    CARD = "card"
    DOCUMENT = "document"


class Group(StrEnum):
    """Groups of services at the counter."""

    KTP_EL = "ktp_el"
    KIA = "kia"
    KK = "kk"
    MOVE = "pindah"
    DEED = "akta"


class Holder(StrEnum):
    """Whose result it is, as far as the age in the NIK is concerned."""

    ADULT = "dewasa"
    EVER_MARRIED = "pernah_kawin"
    CHILD = "anak"
    ANY = "siapa_saja"


class Confidence(StrEnum):
    """How well the requirements are founded on texts that were read."""

    HIGH = "tinggi"
    MEDIUM = "sedang"
    LOW = "rendah"


@dataclass(frozen=True, slots=True)
class Requirement:
    """A document of the checklist. Of those that share an `alternative`, one is enough."""

    code: str
    text: str
    mandatory: bool
    alternative: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What the resident gives up at handover. `only_with` names the document in whose presence it applies."""

    code: str
    text: str
    only_with: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """One service. `target` is service time (the clock stops while others are waited for), `limit` the law's."""

    code: str
    name: str
    group: Group
    holder: Holder
    form: str
    requirements: tuple[Requirement, ...]
    withdrawn: tuple[Withdrawn, ...]
    legal_basis: tuple[str, ...]
    target: timedelta
    limit: timedelta
    confidence: Confidence
    note: str = ""

    @property
    def product(self) -> Product:
        """KTP-el services end in a card, all others in a document."""
        return Product.CARD if self.group is Group.KTP_EL else Product.DOCUMENT

    def missing(self, documents: Collection[str]) -> tuple[Requirement, ...]:
        """Mandatory requirements that `documents` (codes in the file) do not meet."""
        met = {need.alternative for need in self.requirements if need.code in documents}
        return tuple(
            need
            for need in self.requirements
            if need.mandatory
            and need.code not in documents
            and not (need.alternative and need.alternative in met)
        )

    def withdrawn_for(self, documents: Collection[str]) -> tuple[Withdrawn, ...]:
        """What is withdrawn at handover, given the documents in the file."""
        return tuple(item for item in self.withdrawn if not item.only_with or item.only_with in documents)


class ServiceCatalogue:
    """All services by code, in the order of the data."""

    def __init__(self, services: Iterable[Service]) -> None:
        """Raises PolicyError "catalogue.duplicate"."""
        self._services: dict[str, Service] = {}
        for service in services:
            if service.code in self._services:
                raise PolicyError("catalogue.duplicate", service=service.code)
            self._services[service.code] = service

    def __iter__(self) -> Iterator[Service]:
        return iter(self._services.values())

    def __len__(self) -> int:
        return len(self._services)

    def get(self, code: str) -> Service:
        """The service of a code. Raises PolicyError "service.unknown"."""
        try:
            return self._services[code]
        except KeyError:
            raise PolicyError("service.unknown", service=code) from None

    def of_group(self, group: Group) -> tuple[Service, ...]:
        """Services of one group."""
        return tuple(service for service in self if service.group is group)

    @classmethod
    def from_plain(cls, plain: Mapping[str, object]) -> ServiceCatalogue:
        """The catalogue from the tables of layanan.toml.

        Raises PolicyError naming service and field: "catalogue.field_missing", "catalogue.field_type",
        "catalogue.field_unknown", "catalogue.value_unknown", "catalogue.document_unknown", "catalogue.duplicate".
        """
        top = _Table(plain, "")
        times = _Table(top.table("waktu"), "waktu")
        hours, days = times.number("target_jam"), times.number("batas_hari")
        times.nothing_else()
        documents = {code: _text(text, "dokumen", code) for code, text in top.table("dokumen").items()}
        services = [_service(row, documents, hours, days) for row in top.tables("layanan")]
        top.nothing_else()
        return cls(services)


_Choice = TypeVar("_Choice", bound=StrEnum)


class _Table:
    """One table of the data, read field by field so that what is left over can be named."""

    def __init__(self, plain: Mapping[str, object], service: str) -> None:
        self._left = dict(plain)
        self.service = service

    def _take(self, field: str, default: object = None) -> object:
        value = self._left.pop(field, default)
        if value is None:
            raise PolicyError("catalogue.field_missing", service=self.service, field=field)
        return value

    def text(self, field: str, default: str | None = None) -> str:
        return _text(self._take(field, default), self.service, field)

    def texts(self, field: str) -> tuple[str, ...]:
        value = self._take(field)
        if not isinstance(value, list):
            _wrong_type(self.service, field)
        return tuple(_text(item, self.service, field) for item in value)

    def number(self, field: str, default: int | None = None) -> int:
        value = self._take(field, default)
        if type(value) is not int or value <= 0:
            _wrong_type(self.service, field)
        return value

    def flag(self, field: str, default: bool) -> bool:
        value = self._take(field, default)
        if not isinstance(value, bool):
            _wrong_type(self.service, field)
        return value

    def choice(self, field: str, kind: type[_Choice]) -> _Choice:
        value = self.text(field)
        if value not in set(kind):
            raise PolicyError("catalogue.value_unknown", service=self.service, field=field, value=value)
        return kind(value)

    def table(self, field: str) -> Mapping[str, object]:
        value = self._take(field)
        if not isinstance(value, Mapping):
            _wrong_type(self.service, field)
        return value

    def tables(self, field: str) -> tuple[Mapping[str, object], ...]:
        value = self._take(field)
        if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
            _wrong_type(self.service, field)
        return tuple(value)

    def nothing_else(self) -> None:
        for field in self._left:
            raise PolicyError("catalogue.field_unknown", service=self.service, field=field)


def _service(plain: Mapping[str, object], documents: Mapping[str, str], hours: int, days: int) -> Service:
    row = _Table(plain, _text(plain.get("kode", "?"), "?", "kode"))
    service = Service(
        code=row.text("kode"),
        name=row.text("nama"),
        group=row.choice("kelompok", Group),
        holder=row.choice("pemegang", Holder),
        form=row.text("formulir"),
        requirements=tuple(_requirement(need, row.service, documents) for need in row.tables("syarat")),
        withdrawn=tuple(_withdrawn(item, row.service, documents) for item in row.tables("ditarik")),
        legal_basis=row.texts("dasar_hukum"),
        target=timedelta(hours=row.number("target_jam", hours)),
        limit=timedelta(days=row.number("batas_hari", days)),
        confidence=row.choice("keyakinan", Confidence),
        note=row.text("catatan", ""),
    )
    row.nothing_else()
    codes = [need.code for need in service.requirements]
    for code in codes:
        if codes.count(code) > 1:
            raise PolicyError("catalogue.duplicate", service=f"{service.code}/{code}")
    for item in service.withdrawn:
        if item.only_with and item.only_with not in codes:
            raise PolicyError(
                "catalogue.value_unknown", service=service.code, field="hanya_bila", value=item.only_with
            )
    return service


def _requirement(plain: Mapping[str, object], service: str, documents: Mapping[str, str]) -> Requirement:
    row = _Table(plain, service)
    code = row.text("dokumen")
    need = Requirement(
        code, _document(code, service, documents), row.flag("wajib", True), row.text("pilihan", "")
    )
    row.nothing_else()
    return need


def _withdrawn(plain: Mapping[str, object], service: str, documents: Mapping[str, str]) -> Withdrawn:
    row = _Table(plain, service)
    code = row.text("dokumen")
    item = Withdrawn(code, _document(code, service, documents), row.text("hanya_bila", ""))
    row.nothing_else()
    return item


def _document(code: str, service: str, documents: Mapping[str, str]) -> str:
    if code not in documents:
        raise PolicyError("catalogue.document_unknown", service=service, document=code)
    return documents[code]


def _text(value: object, service: str, field: str) -> str:
    if not isinstance(value, str):
        _wrong_type(service, field)
    return value


def _wrong_type(service: str, field: str) -> NoReturn:
    raise PolicyError("catalogue.field_type", service=service, field=field)
