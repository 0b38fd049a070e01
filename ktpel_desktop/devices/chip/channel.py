"""Opening a secure channel, and sending through it.

One INITIALIZE UPDATE, one EXTERNAL AUTHENTICATE, and only after the card has proved itself: a card locks after a few
wrong ones. Nothing here tries a second time; a person decides about that.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import NoReturn

from cryptography.hazmat.primitives.constant_time import bytes_eq

from ktpel_desktop.core.errors import DeviceError, Effect
from ktpel_desktop.devices.chip import scp03
from ktpel_desktop.devices.chip.apdu import Command, Response, Sender
from ktpel_desktop.devices.chip.capabilities import SHORT, Capabilities
from ktpel_desktop.devices.chip.keys import Handshake, KeySource, OpenedKeys
from ktpel_desktop.devices.chip.scp03 import BLOCK, Level, Scp03
from ktpel_desktop.devices.chip.status_words import SW, failure, tries_left

_INITIALIZE_UPDATE = 0x50
_DIVERSIFICATION, _KEY_INFORMATION, _COUNTER = 10, 3, 3
_SCP02, _SCP03 = 0x02, 0x03
_I_S16, _I_COUNTER, _I_R_MAC, _I_R_ENC = 0x01, 0x10, 0x20, 0x60


class SecureChannel:
    """An open channel. `max_data` and `max_answer` are the most clear bytes of one command and one answer."""

    def __init__(self, card: Sender, state: Scp03, capabilities: Capabilities = SHORT) -> None:
        self._card = card
        self._state = state
        self.max_data = _clear(capabilities.most_data, state.mac_size, bool(state.level & Level.C_ENC))
        self.max_answer = _clear(
            capabilities.most_answer,
            state.mac_size if state.level & Level.R_MAC else 0,
            bool(state.level & Level.R_ENC),
        )

    def send(self, command: Command) -> Response:
        """The clear answer. Raises DeviceError "chip.channel_broken" for a changed answer, and ever after.

        Raises ValueError for more data than `max_data`.
        """
        if len(command.data) > self.max_data:
            raise ValueError(f"more than {self.max_data} bytes of data in one command")
        wrapped = self._state.wrap(command)
        try:
            answer = self._card.send(wrapped)
        except BaseException:
            self._state.give_up()
            raise
        return self._state.unwrap(answer)


def open_channel(
    card: Sender,
    keys: KeySource,
    *,
    key_version: int,
    aid: bytes,
    level: int = 0x33,
    s16: bool = False,
    count_all: bool = True,
    capabilities: Capabilities = SHORT,
    random_bytes: Callable[[int], bytes] = os.urandom,
) -> SecureChannel:
    """A channel to the selected application `aid`, under the keys `key_version`.

    Raises DeviceError with effect NONE: "chip.keys_wrong" (the card does not fit the keys; no try was spent),
    "chip.auth_refused" with the tries left, "chip.blocked", "chip.key_version_unknown", "chip.scp02_unsupported",
    "chip.level_unsupported", or another refusal; "chip.answer_malformed" with effect NONE, too.
    """
    host_challenge = random_bytes(16 if s16 else 8)
    command = Command(0x80, _INITIALIZE_UPDATE, key_version, 0, host_challenge, le=256)
    answer = card.send(command)
    if answer.sw == SW.REFERENCE_NOT_FOUND:
        _refuse_version(key_version)
    if answer.sw != SW.OK:
        raise failure(answer.sw, "INITIALIZE UPDATE", Effect.NONE)
    handshake = read_handshake(answer.data, host_challenge, key_version, level, aid)
    opened = keys.open(handshake)
    _check_again(handshake, opened)
    state = Scp03(opened.session, level, s16, count_all)
    answer = state.unwrap(card.send(state.external_authenticate(opened.host_cryptogram)))
    if answer.sw != SW.OK:
        _refuse_authentication(answer.sw)
    return SecureChannel(card, state, capabilities)


def read_handshake(data: bytes, host_challenge: bytes, key_version: int, level: int, aid: bytes) -> Handshake:
    """The answer to INITIALIZE UPDATE (Amendment D, table 7-3). Raises DeviceError."""
    information = data[_DIVERSIFICATION : _DIVERSIFICATION + _KEY_INFORMATION]
    if len(information) != _KEY_INFORMATION:
        raise DeviceError("chip.answer_malformed", Effect.NONE)
    version, protocol, i = information
    if protocol == _SCP02:
        raise DeviceError("chip.scp02_unsupported", Effect.NONE)
    size = len(host_challenge)
    counter = _COUNTER if i & _I_COUNTER else 0
    rest = data[_DIVERSIFICATION + _KEY_INFORMATION :]
    if protocol != _SCP03 or bool(i & _I_S16) != (size == 16) or len(rest) != 2 * size + counter:
        raise DeviceError("chip.answer_malformed", Effect.NONE)
    if key_version not in {0, version}:
        _refuse_version(key_version)
    if (level & Level.R_MAC and not i & _I_R_MAC) or (level & Level.R_ENC and i & _I_R_ENC != _I_R_ENC):
        raise DeviceError("chip.level_unsupported", Effect.NONE, level=f"{level:02X}")
    return Handshake(
        key_version=version,
        diversification=data[:_DIVERSIFICATION],
        host_challenge=host_challenge,
        card_challenge=rest[:size],
        card_cryptogram=rest[size : 2 * size],
        sequence_counter=rest[2 * size :] if counter else None,
        aid=aid,
    )


def _check_again(handshake: Handshake, opened: OpenedKeys) -> None:
    """A key source that is wrong about itself would cost the card a try."""
    host, card, mac = handshake.host_challenge, handshake.card_challenge, opened.session.mac
    if not (
        bytes_eq(scp03.card_cryptogram(mac, host, card), handshake.card_cryptogram)
        and bytes_eq(scp03.host_cryptogram(mac, host, card), opened.host_cryptogram)
    ):
        raise DeviceError("chip.keys_wrong", Effect.NONE)


def _refuse_version(key_version: int) -> NoReturn:
    raise DeviceError("chip.key_version_unknown", Effect.NONE, version=f"{key_version:02X}")


def _refuse_authentication(sw: int) -> NoReturn:
    """A refused authentication writes nothing, but a try is gone where the card says so."""
    tries = tries_left(sw)
    if tries == 0 or sw == SW.BLOCKED:
        raise failure(SW.BLOCKED, "EXTERNAL AUTHENTICATE", Effect.NONE)
    if tries is not None or sw == SW.AUTHENTICATION_FAILED:
        raise DeviceError("chip.auth_refused", Effect.NONE, tries="?" if tries is None else tries)
    raise failure(sw, "EXTERNAL AUTHENTICATE", Effect.NONE)


def _clear(most: int, mac: int, encrypted: bool) -> int:
    """Clear bytes in `most` bytes: less the MAC, and in whole blocks with at least one byte of padding."""
    room = most - mac
    return room // BLOCK * BLOCK - 1 if encrypted else room
