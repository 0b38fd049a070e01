"""Whatever is sent, the card answers with a status word and its memory stays sound."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from ktpel_desktop.devices.simulator.virtual_card.card import VirtualCard
from ktpel_desktop.devices.simulator.virtual_card.files import CAPACITY, OVERHEAD
from ktpel_desktop.devices.simulator.virtual_card.sam import VirtualSam
from tests.devices.virtual_card.host import MASTERS, SELECT, SERIAL, Host, card_with_files, template

KNOWN_INS = [0x10, 0x20, 0x44, 0x50, 0x82, 0xA4, 0xB0, 0xCA, 0xD6, 0xE0, 0xE4]
likely = st.builds(
    lambda cla, ins, p1, p2, data, le: (
        bytes((cla, ins, p1, p2)) + (bytes((len(data),)) + data if data else b"") + le
    ),
    st.sampled_from([0x00, 0x04, 0x80, 0x84, 0x10, 0x90]),
    st.sampled_from(KNOWN_INS),
    st.one_of(st.sampled_from([0x00, 0x04, 0x30, 0x31, 0x33, 0x81, 0x82]), st.integers(0, 255)),
    st.one_of(st.just(0), st.integers(0, 255)),
    st.one_of(st.binary(max_size=40), st.sampled_from([SELECT[5:12], template(), b"\x01\x01"])),
    st.sampled_from([b"", b"\0", b"\x10", b"\0\0", b"\0\0\0"]),
)
commands = st.lists(st.one_of(likely, st.binary(max_size=300)), max_size=12)


def check_answer(answer: bytes) -> None:
    assert len(answer) >= 2
    assert answer[-2] in {0x90, *range(0x61, 0x70)}


def check_memory(card: VirtualCard) -> None:
    files = card.eeprom.files
    assert card.eeprom.free == CAPACITY - sum(len(file.content) + OVERHEAD for file in files)
    assert 0 <= card.eeprom.free <= CAPACITY
    assert len({file.fid for file in files}) == len({file.sfi for file in files}) == len(files)
    assert card.eeprom.life_cycle in {0x03, 0x05}
    assert 0 <= card.eeprom.tries <= 10
    assert VirtualCard.load(json.loads(json.dumps(card.save())), MASTERS).save() == card.save()


@settings(max_examples=150)
@given(commands, st.booleans(), st.booleans())
def test_no_bytes_crash_a_card_or_write_to_it(sent: list[bytes], extended: bool, chaining: bool) -> None:
    card = VirtualCard.load(card_with_files().save(), MASTERS, extended=extended, chaining=chaining)
    card.power_on()
    before = card.files
    card.process(SELECT)
    for command in sent:
        check_answer(card.process(command))
    assert card.files == before
    check_memory(card)


@settings(max_examples=150)
@given(commands)
def test_no_bytes_beside_an_open_channel_write_to_a_card(sent: list[bytes]) -> None:
    card = card_with_files()
    Host(card).open()
    before = card.files
    for command in sent:
        check_answer(card.process(command))
    assert card.files == before
    check_memory(card)


headers = st.builds(
    lambda cla, ins, p1, p2: bytes((cla, ins, p1, p2)).hex(),
    st.sampled_from([0x00, 0x80]),
    st.sampled_from([0x44, 0xB0, 0xCA, 0xD6, 0xE0, 0xE4]),
    st.sampled_from([0x00, 0x00, 0x81, 0x82, 0x83, 0x01]),
    st.one_of(st.just(0), st.integers(0, 255)),
)
templates = st.builds(
    template,
    fid=st.sampled_from([0x0101, 0x0102, 0x0201, 0x0202]),
    sfi=st.integers(0, 31),
    size=st.integers(0, 5000),
    read=st.sampled_from([0x00, 0x30, 0x31, 0xFF]),
)
orders = st.tuples(
    headers,
    st.one_of(st.binary(max_size=200), templates, st.just(b"\x01\x01")),
    st.sampled_from([b"", b"\0"]),
)


@settings(max_examples=150)
@given(st.lists(orders, max_size=15), st.sampled_from([0x01, 0x03, 0x13, 0x33]))
def test_a_host_with_keys_cannot_break_the_memory(sent: list[tuple[str, bytes, bytes]], level: int) -> None:
    card = card_with_files()
    host = Host(card).open(level)
    for header, data, le in sent:
        before, cycle = card.files, card.eeprom.life_cycle
        _, status = host.send(header, data, le)
        assert status in {0x9000, *range(0x6100, 0x7000)}
        if status != 0x9000 or level == 0x01 or cycle == 0x05:
            assert card.files == before
        check_memory(card)


@given(commands)
def test_no_bytes_crash_a_sam(sent: list[bytes]) -> None:
    sam = VirtualSam(SERIAL, MASTERS, "135790")
    sam.power_on()
    sam.process(bytes.fromhex("00A4040007F04B545053414D00"))
    sam.process(bytes.fromhex("0020000106") + b"135790")
    for command in sent:
        check_answer(sam.process(command))
    assert not sam.opened
