"""Changes that keep a structure, so that what lies inside of it is reached: libFuzzer alone breaks every length."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from random import Random

from ktpel_desktop.core import ber_tlv
from ktpel_desktop.core.ber_tlv import Tlv, TlvError
from tests.fuzz.lying import Edit, cut, edits, join

Plain = Callable[[bytes, int], bytes]
"""libFuzzer's own change of bytes, to at most so many."""
Mutation = Callable[[bytes, int, Random, Plain], bytes]
_MOST = 600
_TELLING = b"\x00\x01\x10\x61\x62\x63\x69\x6a\x6c\x7f\x80\x90\xff"
"""Smallest and largest numbers, and how status words begin."""
_KINDS = b"\0\1\2\3\4\5\6\6\6\6\x0f"
"""Of changes (`lying.Edit`): mostly other bytes in the same place."""


def inside_tlv(data: bytes, most: int, chance: Random, plain: Plain) -> bytes:
    """Changes a value, a tag or the order of data objects at any depth, with all lengths right again."""
    try:
        objects = list(ber_tlv.parse(data))
        if not objects or chance.random() < 0.3:
            return plain(data, most)
        return b"".join(one.encode() for one in _changed(objects, chance, plain))[:most]
    except TlvError:
        return plain(data, most)


def _changed(objects: list[Tlv], chance: Random, plain: Plain) -> list[Tlv]:
    at = chance.randrange(len(objects))
    tag, value = objects[at].tag, objects[at].value
    way = chance.randrange(10)
    if way == 0:
        del objects[at]
    elif way == 1:
        objects.insert(at, objects[at])
    elif way == 2:
        objects.append(objects.pop(at))
    elif way == 3:
        objects[at] = Tlv(int.from_bytes(plain(tag.to_bytes(3).lstrip(b"\0"), 3)), value)
    else:
        objects[at] = Tlv(tag, _value(value, chance, plain))
    return objects


def _value(value: bytes, chance: Random, plain: Plain) -> bytes:
    try:
        inner = list(ber_tlv.parse(value))
    except TlvError:
        inner = []
    if inner and chance.random() < 0.8:
        return b"".join(one.encode() for one in _changed(inner, chance, plain))
    return plain(value, _MOST)


def inside_parts(data: bytes, most: int, chance: Random, plain: Plain) -> bytes:
    """Changes one part of what `lying.cut` takes apart, or the order of the parts."""
    parts = cut(data)
    if not parts or chance.random() < 0.2:
        return plain(data, most)
    at = chance.randrange(len(parts))
    way = chance.randrange(10)
    if way == 0:
        del parts[at]
    elif way == 1:
        parts.insert(chance.randrange(len(parts) + 1), parts[at])
    elif way == 2:
        parts.append(parts.pop(at))
    elif way < 6 and len(parts[at]) > 2:
        parts[at] = inside_tlv(parts[at][:-2], _MOST, chance, plain) + parts[at][-2:]
    else:
        parts[at] = plain(parts[at], _MOST)
    return join(parts)[:most]


def inside_changes(data: bytes, most: int, chance: Random, plain: Plain) -> bytes:
    """Adds, takes away or alters one of the changes that `lying.edits` reads, mostly early and with telling bytes."""
    if chance.random() < 0.1:
        return plain(data, most)
    changes = edits(data)
    new = bytes([chance.choice(_TELLING)]) + bytes(
        chance.choice(_TELLING) for _ in range(chance.randrange(2))
    )
    one = Edit(
        int(chance.expovariate(0.15)) & 0xFF, chance.choice(_KINDS), int(chance.expovariate(0.02)), new
    )
    at = chance.randrange(len(changes) + 1)
    way = chance.randrange(10)
    if at == len(changes) or way < 3:
        changes.insert(at, one)
    elif way == 3:
        del changes[at]
    elif way == 4:
        changes[at] = replace(changes[at], new=plain(changes[at].new or new, _MOST))
    else:
        field = chance.choice(fields(Edit)).name
        changes[at] = replace(changes[at], **{field: getattr(one, field)})
    return join(change.encode() for change in changes)[:most]


def after_choice(mutation: Mutation) -> Mutation:
    """The same behind a first byte, which chooses a case and is changed now and then."""

    def changed(data: bytes, most: int, chance: Random, plain: Plain) -> bytes:
        choice = bytes([chance.randrange(256)]) if chance.random() < 0.05 else data[:1]
        return choice + mutation(data[1:], most - 1, chance, plain)

    return changed
