"""Roles by name: exactly one reader or a refusal that names what was found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.pcsc.readers import ReaderRoles, Role, assigned, reader_for, resolve
from tests.devices.pcsc.fake_scard import installed

ENCODER = "ACS ACR1252 1S CL Reader [ACR1252 Dual Reader PICC] 00 00"
SAM = "ACS ACR1252 1S CL Reader [ACR1252 Dual Reader SAM] 01 00"
CHECK = "HID OMNIKEY 5022 CL 02 00"
ALL = (CHECK, SAM, ENCODER)


def refusal(role: Role, roles: ReaderRoles, names: tuple[str, ...]) -> DeviceError:
    with pytest.raises(DeviceError) as caught:
        resolve(role, roles, names)
    assert caught.value.effect is Effect.NONE
    assert caught.value.params["role"] == role.value
    return caught.value


@pytest.mark.parametrize(
    "pattern",
    [
        "picc",
        "PICC]",
        "*ACR1252*PICC*",
        "*dual reader picc*",
        ENCODER,
        ENCODER.upper(),
        "acs*00 0?",
        " PICC ",
    ],
)
def test_a_pattern_is_a_part_of_the_name_or_the_name_with_stars(pattern: str) -> None:
    assert resolve(Role.ENCODER, ReaderRoles(encoder=pattern), (CHECK, ENCODER)) == ENCODER


@pytest.mark.parametrize("pattern", ["PICC?", "[ACR]*", "acr", "*acr1252"])
def test_a_bracket_is_a_bracket_and_a_star_needs_the_whole_name(pattern: str) -> None:
    error = refusal(Role.CHECK, ReaderRoles(check=pattern), (CHECK, "other"))
    assert error.code == "chip.reader_gone"


def test_a_whole_name_means_that_reader_though_it_be_part_of_another() -> None:
    names = ("KTP Encoder 00 00 01", "KTP Encoder 00 00")
    assert resolve(Role.ENCODER, ReaderRoles(encoder="ktp encoder 00 00"), names) == "KTP Encoder 00 00"


def test_the_sam_slot_of_the_same_device_is_no_encoder() -> None:
    roles = ReaderRoles(encoder="ACR1252", sam="Dual Reader SAM")
    assert resolve(Role.ENCODER, roles, ALL) == ENCODER
    assert resolve(Role.SAM, roles, ALL) == SAM
    assert refusal(Role.CHECK, ReaderRoles(sam="SAM", check="SAM"), ALL).code == "chip.reader_gone"


def test_two_that_match_are_told_by_name() -> None:
    error = refusal(Role.ENCODER, ReaderRoles(encoder="acr"), ALL)
    assert error.code == "pcsc.role_ambiguous"
    assert error.params == {"role": "enkoder", "pattern": "acr", "found": f"{SAM}, {ENCODER}"}


def test_none_that_matches_is_a_reader_that_is_gone() -> None:
    error = refusal(Role.SAM, ReaderRoles(sam="gemalto"), (CHECK,))
    assert (error.code, error.params["found"]) == ("chip.reader_gone", CHECK)
    assert refusal(Role.ENCODER, ReaderRoles(), ()).code == "chip.reader_gone"


@pytest.mark.parametrize(
    ("roles", "names"),
    [
        (ReaderRoles(), (ENCODER,)),
        (ReaderRoles(), (SAM, ENCODER)),
        (ReaderRoles(sam="01 00"), (SAM, ENCODER)),
        (ReaderRoles(check="omnikey"), ALL),
    ],
)
def test_the_only_reader_without_another_role_is_the_encoder(
    roles: ReaderRoles, names: tuple[str, ...]
) -> None:
    assert resolve(Role.ENCODER, roles, names) == ENCODER


@pytest.mark.parametrize("names", [(ENCODER, CHECK), (SAM,)])
def test_with_a_choice_the_encoder_is_not_guessed(names: tuple[str, ...]) -> None:
    assert refusal(Role.ENCODER, ReaderRoles(), names).code == "pcsc.role_unset"


@pytest.mark.parametrize("role", [Role.SAM, Role.CHECK])
def test_the_other_roles_are_never_guessed(role: Role) -> None:
    assert refusal(role, ReaderRoles(), (SAM,)).code == "pcsc.role_unset"


def test_for_showing_a_role_that_nobody_has_is_left_out() -> None:
    roles = ReaderRoles(sam="SAM", check="PICC")
    assert assigned(roles, (SAM, ENCODER)) == {SAM: (Role.SAM,), ENCODER: (Role.CHECK,)}
    one = ReaderRoles(encoder="PICC", check="PICC")
    assert assigned(one, ALL) == {CHECK: (), SAM: (), ENCODER: (Role.ENCODER, Role.CHECK)}


def test_a_role_is_resolved_among_what_is_plugged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    service = installed(monkeypatch)
    service.readers = list(ALL)
    assert reader_for(Role.CHECK, ReaderRoles(check="omnikey")) == CHECK
    service.will("SCardListReaders", 0x8010001E)
    with pytest.raises(DeviceError) as caught:
        reader_for(Role.CHECK, ReaderRoles(check="omnikey"))
    assert caught.value.code == "pcsc.service_stopped"
    with pytest.raises(DeviceError):
        reader_for(Role.SAM, ReaderRoles())
    assert service.balanced()


names_of_readers = st.lists(st.text(alphabet="abS AM[]01*?", min_size=1, max_size=8), unique=True, max_size=4)


@given(
    names_of_readers,
    st.builds(ReaderRoles, *[st.text(alphabet="abS AM[]01*?", max_size=4)] * 3),
    st.sampled_from(Role),
)
def test_the_order_of_the_readers_decides_nothing(names: list[str], roles: ReaderRoles, role: Role) -> None:
    def outcome(listed: list[str]) -> str:
        try:
            return resolve(role, roles, listed)
        except DeviceError as error:
            return error.code

    assert outcome(names) == outcome(sorted(names)) == outcome(names[::-1])
