"""Reading SIAK's answers: every field, every refusal, and nothing but GatewayError whatever comes."""

import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import Effect, GatewayError
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.siak import payloads
from tests.siak.conftest import rows

NIK = "3174055203990123"
ROW: dict[str, Any] = {
    "NIK": NIK,
    "NAMA_LGKP": "SEKAR AYU PRATAMA",
    "TMPT_LHR": "JAKARTA",
    "TGL_LHR": "12-03-1999",
    "JENIS_KLMIN": "PEREMPUAN",
    "GOL_DARAH": "O",
    "ALAMAT": "JL. MELATI NO. 3",
    "NO_RT": 3,
    "NO_RW": 19,
    "KEL_NAME": "PONDOK PINANG",
    "KEC_NAME": "KEBAYORAN LAMA",
    "KAB_NAME": "JAKARTA SELATAN",
    "PROP_NAME": "DKI JAKARTA",
    "AGAMA": "KATHOLIK",
    "STATUS_KAWIN": "KAWIN",
    "JENIS_PKRJN": "GURU",
    "EKTP_STATUS": "PRINT_READY_RECORD",
}
MORE: dict[str, Any] = {
    "NO_KK": "3174051502149942",
    "STAT_HBKEL": "ISTRI",
    "PDDK_AKH": "DIPLOMA IV/STRATA I",
    "NO_AKTA_LHR": "123/LHR/1999",
    "TGL_KWN": "2020-02-29",
    "NO_AKTA_KWN": "45/KWN/2020",
    "TGL_CRAI": None,
    "NO_AKTA_CRAI": None,
    "NIK_AYAH": 3174051203700001,
    "NAMA_LGKP_AYAH": "BUDI",
    "NIK_IBU": "3174055203720001",
    "NAMA_LGKP_IBU": "RATNA",
    "DUSUN": None,
    "NO_KEL": 1006,
    "NO_KEC": 5,
    "NO_KAB": 74,
    "NO_PROP": 31,
    "KODE_POS": "12310",
    "EKTP_CREATED": "2017-05-20 10:11:12",
    "EKTP_LOCAL_ID": "A1",
}
ORDER = {
    "order_id": "PO-1",
    "job_id": "TIKET-1",
    "nik": NIK,
    "content": b64encode(b"{}").decode(),
    "digest": "0" * 64,
    "issued_at": "2026-03-02T12:00:00+07:00",
    "expires_at": "2026-03-02T06:00:00Z",
    "authority": "SIAK LATIHAN",
    "signature": b64encode(b"s" * 64).decode(),
    "security_object": b64encode(b"o" * 90).decode(),
}


def page(*content: object) -> bytes:
    return json.dumps({"content": content, "totalElements": len(content)}).encode()


def refused(body: bytes) -> GatewayError:
    with pytest.raises(GatewayError) as caught:
        payloads.read_record(body, Nik.parse(NIK))
    return caught.value


def test_a_record_is_read() -> None:
    record = payloads.read_record(page(ROW), Nik.parse(NIK))
    assert record.nik.reveal() == NIK
    assert record.enrolment == "PRINT_READY_RECORD"
    assert record.fields["TGL_LHR"] == "1999-03-12"
    assert (record.fields["NO_RT"], record.fields["NO_RW"]) == ("003", "019")
    assert record.fields["AGAMA"] == "KATHOLIK"
    assert NIK not in repr(record)


def test_every_field_of_the_service_is_known() -> None:
    names = {row["field"] for row in rows("dukcapil_ws_fields.csv")}
    assert set(payloads.ResidentRow.model_fields) == names == set(ROW | MORE)
    required = {name for name, field in payloads.ResidentRow.model_fields.items() if field.is_required()}
    printed = {row["field"] for row in rows("dukcapil_ws_fields.csv") if row["printed_on_card"] == "yes"}
    assert required == (printed - {"GOL_DARAH"}) | {"EKTP_STATUS"}


def test_all_optional_fields_are_read() -> None:
    record = payloads.read_record(page(ROW | MORE | {"SOMETHING_NEW": [1]}), Nik.parse(NIK))
    assert record.fields["TGL_KWN"] == "2020-02-29"
    assert record.fields["TGL_CRAI"] == record.fields["DUSUN"] == ""
    assert record.fields["NO_PROP"] == "31"
    assert record.fields["EKTP_CREATED"] == "2017-05-20"


def test_what_the_room_does_not_need_stays_outside() -> None:
    record = payloads.read_record(page(ROW | MORE), Nik.parse(NIK))
    held = json.dumps(dict(record.fields))
    assert not any(
        secret in held for secret in (NIK, "3174051203700001", "3174055203720001", "RATNA", "BUDI")
    )


@pytest.mark.parametrize(
    ("field", "sent", "read"),
    [
        ("TGL_LHR", "1999-03-12", "1999-03-12"),
        ("TGL_LHR", "12-03-1999", "1999-03-12"),
        ("JENIS_KLMIN", "Perempuan", "PEREMPUAN"),
        ("JENIS_KLMIN", 2, "PEREMPUAN"),
        ("JENIS_KLMIN", "1", "LAKI-LAKI"),
        ("GOL_DARAH", None, "-"),
        ("GOL_DARAH", "TIDAK TAHU", "-"),
        ("GOL_DARAH", 13, "-"),
        ("GOL_DARAH", "", "-"),
        ("GOL_DARAH", "AB+", "AB+"),
        ("NO_RT", "007", "007"),
        ("NO_RW", 0, "000"),
        ("NAMA_LGKP", "  SUPARMIN ", "SUPARMIN"),
    ],
)
def test_the_shapes_of_other_services_are_read(field: str, sent: object, read: str) -> None:
    assert payloads.read_record(page(ROW | {field: sent}), Nik.parse(NIK)).fields[field] == read


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("BELUM REKAM", "UNREGISTERED"),
        ("sudah rekam", "SUDAH REKAM"),
        ("A_NEW_STATE", "A_NEW_STATE"),
        ("CARD_ISSUED", "CARD_ISSUED"),
    ],
)
def test_the_enrolment_is_passed_on(sent: str, read: str) -> None:
    assert payloads.read_record(page(ROW | {"EKTP_STATUS": sent}), Nik.parse(NIK)).enrolment == read


def test_content_may_be_an_object_and_the_nik_a_number() -> None:
    body = json.dumps({"content": ROW | {"NIK": int(NIK)}}).encode()
    assert payloads.read_record(body, Nik.parse(NIK)).nik.reveal() == NIK


def test_the_same_record_twice_is_one() -> None:
    assert payloads.read_record(page(ROW, ROW), Nik.parse(NIK)).enrolment == "PRINT_READY_RECORD"


def test_two_records_that_differ_are_a_duplicate() -> None:
    assert refused(page(ROW, ROW | {"NAMA_LGKP": "LAIN"})).code == "siak.duplicate"


def test_an_answer_about_somebody_else_is_not_used() -> None:
    assert refused(page(ROW | {"NIK": "3174055203990124"})).code == "siak.answer_other_nik"


@pytest.mark.parametrize("field", [name for name in ROW if name != "GOL_DARAH"])
def test_a_missing_field_is_named(field: str) -> None:
    error = refused(page({name: value for name, value in ROW.items() if name != field}))
    assert (error.code, error.params) == ("siak.answer_malformed", {"field": field})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("NIK", "317405520399012X"),
        ("NIK", True),
        ("NIK", "3174055213990123"),
        ("NAMA_LGKP", None),
        ("NAMA_LGKP", "  "),
        ("NAMA_LGKP", "A" * 201),
        ("NAMA_LGKP", ["A"]),
        ("TGL_LHR", "12/03/1999"),
        ("TGL_LHR", "30-02-1999"),
        ("TGL_LHR", "٣٠-02-1999"),
        ("TGL_LHR", None),
        ("TGL_LHR", 19990312),
        ("JENIS_KLMIN", 3),
        ("JENIS_KLMIN", None),
        ("NO_RT", -1),
        ("NO_RT", 1000),
        ("NO_RT", 3.0),
        ("NO_RT", True),
        ("NO_RW", "A"),
        ("EKTP_STATUS", None),
        ("EKTP_STATUS", "<b>"),
        ("NO_KK", "12-34"),
        ("TGL_KWN", "soon"),
    ],
)
def test_a_wrong_value_is_named_and_not_told(field: str, value: object) -> None:
    error = refused(page(ROW | {field: value}))
    assert (error.code, error.params) == ("siak.answer_malformed", {"field": field})
    assert error.effect is Effect.NONE
    assert error.__cause__ is error.__context__ is None


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"RESPONSE_CODE": "11"}, "siak.deceased"),
        ({"RESPON": "12"}, "siak.duplicate"),
        ({"RESPONSE_CODE": 13}, "siak.not_found"),
        ({"RESPONSE_CODE": "14", "RESPONSE": "Data Ditemukan"}, "siak.inactive"),
        ({"RESPONSE": "15"}, "siak.nik_refused"),
        ({"RESPON": "Data Tidak Ditemukan"}, "siak.not_found"),
        ({"RESPON": "data tidak  ditemukan, NIK tidak terdapat"}, "siak.not_found"),
        ({"RESPON": "Login Gagal"}, "siak.login_refused"),
        ({"RESPONSE": "IP Address Tidak Sesuai"}, "siak.caller_not_listed"),
        ({"RESPON": "Kuota Akses Hari ini telah Habis"}, "siak.quota_spent"),
        (ROW | {"RESPONSE_CODE": "11"}, "siak.deceased"),
    ],
)
def test_refusals_inside_an_answer(row: dict[str, object], code: str) -> None:
    error = refused(page(row))
    assert (error.code, error.effect) == (code, Effect.NONE)


@pytest.mark.parametrize(
    ("row", "number"),
    [
        ({"RESPONSE_CODE": "08"}, "08"),
        ({"RESPON": "SEKAR AYU PRATAMA sudah pindah"}, "?"),
        ({"RESPON": None}, "?"),
        ({"RESPONSE_CODE": {"x": 1}}, "?"),
        ({"RESPONSE_CODE": NIK}, "?"),
    ],
)
def test_an_unknown_refusal_tells_a_plain_code_only(row: dict[str, object], number: str) -> None:
    error = refused(page(row))
    assert (error.code, error.params) == ("siak.refused_unknown", {"number": number})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "json"),
        (b"<html>", "json"),
        (b"\xff\xfe", "json"),
        (b"[" * 5000, "json"),
        (b"[]", "json"),
        (b"{}", "content"),
        (b'{"content": null}', "content"),
        (b'{"content": []}', "content"),
        (b'{"content": ["x"]}', "content"),
    ],
)
def test_what_is_no_answer_is_told(body: bytes, field: str) -> None:
    error = refused(body)
    assert (error.code, error.params) == ("siak.answer_malformed", {"field": field})


def test_an_order_is_read_with_times_as_they_are_signed() -> None:
    order = payloads.read_order(json.dumps(ORDER).encode())
    assert order.issued_at.isoformat() == "2026-03-02T05:00:00+00:00"
    assert order.expires_at.isoformat() == "2026-03-02T06:00:00+00:00"
    assert (order.content, order.signature) == (b"{}", b"s" * 64)
    assert order.security_object == b"o" * 90


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *((name, None) for name in ORDER),
        ("order_id", "PO 1"),
        ("nik", "317405520399012"),
        ("nik", "3174059903990123"),
        ("content", "***"),
        ("signature", "a"),
        ("security_object", "*"),
        ("digest", "F" * 64),
        ("issued_at", "2026-03-02T12:00:00"),
        ("issued_at", 1),
        ("expires_at", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_a_broken_order_is_unknown_and_named(field: str, value: object) -> None:
    with pytest.raises(GatewayError) as caught:
        payloads.read_order(json.dumps(ORDER | {field: value}).encode())
    error = caught.value
    assert (error.code, error.params) == ("siak.answer_malformed", {"field": field})
    assert error.effect is Effect.UNKNOWN
    assert error.__cause__ is error.__context__ is None


def test_a_reception_names_its_delivery() -> None:
    body = b'{"delivery_id": "A-1", "reception": "accepted"}'
    assert payloads.read_reception(body, "A-1") == "accepted"
    with pytest.raises(GatewayError) as caught:
        payloads.read_reception(body, "A-2")
    assert caught.value.effect is Effect.UNKNOWN


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([NIK, "11"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*ROW, *MORE, "RESPON", "RESPONSE_CODE", "content"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)
CHANGED = st.builds(
    lambda change: page(ROW | change), st.dictionaries(st.sampled_from([*ROW, *MORE]), JSON, max_size=3)
)


def quiet(read: Any) -> None:
    told: GatewayError | None = None
    try:
        read()
    except GatewayError as error:
        told = error
    if told is not None:
        assert NIK not in str(told)
        assert told.__cause__ is told.__context__ is None


@given(st.binary(max_size=200) | JSON.map(lambda plain: json.dumps(plain).encode()) | CHANGED)
@example(b'{"content": {"NIK": ' + b"9" * 5000 + b"}}")
@example(b'{"content": {"NIK": "\\ud800"}}')
@example(page(ROW | {"NO_RT": 10**400}))
@example(page(ROW | {"NAMA_LGKP": float("nan")}))
def test_whatever_comes_a_look_up_is_read_or_refused(body: bytes) -> None:
    quiet(lambda: payloads.read_record(body, Nik.parse(NIK)))


@given(
    st.binary(max_size=200)
    | st.dictionaries(st.sampled_from(list(ORDER)), JSON, max_size=3).map(
        lambda change: json.dumps(ORDER | change).encode()
    )
)
def test_whatever_comes_an_order_is_read_or_refused(body: bytes) -> None:
    quiet(lambda: payloads.read_order(body))
    quiet(lambda: payloads.read_reception(body, "A"))
    quiet(lambda: payloads.read_health(body))
    payloads.read_problem(body)
