"""A small host for the tests, by the library's CMAC and KDF: a third way to compute what card and program compute."""

from __future__ import annotations

from cryptography.hazmat.primitives import cmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.kbkdf import KBKDFCMAC, CounterLocation, Mode

from ktpel_desktop.devices.simulator.virtual_card.applet import AID
from ktpel_desktop.devices.simulator.virtual_card.card import VirtualCard
from ktpel_desktop.devices.simulator.virtual_card.key_derivation import training_masters
from ktpel_desktop.devices.simulator.virtual_card.linked import LinkedCard

SERIAL = "20260000001234"
DIVERSIFICATION = bytes(3) + bytes.fromhex(SERIAL)
MASTERS = training_masters(7)
CHALLENGE = bytes(range(0xA0, 0xB0))
SELECT = bytes.fromhex("00A4040007F04B5450454C0100")
SERIAL_COMMAND = bytes.fromhex("80CA004500")


def mac(key: bytes, data: bytes) -> bytes:
    made = cmac.CMAC(algorithms.AES(key))
    made.update(data)
    return made.finalize()


def static_key(master: bytes, label: bytes, diversification: bytes = DIVERSIFICATION) -> bytes:
    """SP 800-108, counter in front; by the library."""
    return KBKDFCMAC(
        algorithms.AES,
        Mode.CounterMode,
        len(master),
        rlen=1,
        llen=2,
        location=CounterLocation.BeforeFixed,
        label=label,
        context=diversification,
        fixed=None,
    ).derive(master)


def session_key(key: bytes, constant: int, context: bytes, size: int) -> bytes:
    """Amendment D, counter in the middle; by the library (cards.md B1)."""
    fixed = bytes(11) + bytes((constant, 0)) + (size * 8).to_bytes(2, "big") + context
    return KBKDFCMAC(
        algorithms.AES,
        Mode.CounterMode,
        size,
        rlen=1,
        llen=None,
        location=CounterLocation.MiddleFixed,
        break_location=15,
        label=None,
        context=None,
        fixed=fixed,
    ).derive(key)


def ask(card: LinkedCard, command: str) -> bytes:
    """The answer to a command in hexadecimal, in no channel."""
    return card.process(bytes.fromhex(command))


def sw(answer: bytes) -> int:
    assert len(answer) >= 2
    return int.from_bytes(answer[-2:], "big")


class Host:
    """One session with one card."""

    def __init__(
        self, card: LinkedCard, version: int = 0x30, *, masters: dict[int, bytes] | None = None, size: int = 8
    ) -> None:
        self.card, self.version, self.size = card, version, size
        self.masters = MASTERS if masters is None else masters
        self.chain, self.counter, self.level = bytes(16), 0, 0
        self.count_all = True

    def select(self) -> bytes:
        return self.card.process(SELECT)

    def initialize_update(self) -> bytes:
        challenge = CHALLENGE[: self.size]
        answer = self.card.process(bytes((0x80, 0x50, self.version, 0, self.size)) + challenge + b"\0")
        if sw(answer) != 0x9000:
            return answer
        card_challenge = answer[13 : 13 + self.size]
        self.context = challenge + card_challenge
        self.cryptogram = answer[13 + self.size : 13 + 2 * self.size]
        self.sequence = answer[13 + 2 * self.size : -2]
        enc, mac_key = (
            static_key(self.masters.get(self.version, bytes(16)), label)
            for label in (b"KTPEL-ENC", b"KTPEL-MAC")
        )
        self.static_enc = enc
        self.s_enc = session_key(enc, 4, self.context, len(enc))
        self.s_mac = session_key(mac_key, 6, self.context, len(enc))
        self.s_rmac = session_key(mac_key, 7, self.context, len(enc))
        return answer

    def external_authenticate(self, level: int, cryptogram: bytes | None = None) -> bytes:
        if cryptogram is None:
            cryptogram = session_key(self.s_mac, 1, self.context, self.size)
        self.chain, self.counter, self.level = bytes(16), 0, level
        return self.card.process(self._maced(bytes((0x84, 0x82, level, 0)), cryptogram, b""))

    def open(self, level: int = 0x33) -> Host:
        """Select, both handshake commands; everything must fit."""
        assert sw(self.select()) == 0x9000
        assert sw(self.initialize_update()) == 0x9000
        assert self.cryptogram == session_key(self.s_mac, 0, self.context, self.size)
        if self.sequence:
            assert self.context[self.size :] == session_key(
                self.static_enc, 2, self.sequence + AID, self.size
            )
        assert self.external_authenticate(level) == b"\x90\0"
        return self

    def send(self, header: str, data: bytes = b"", le: bytes = b"") -> tuple[bytes, int]:
        """One command through the channel; clear data and status word."""
        return self.unwrap(self.card.process(self.wrap(header, data, le)))

    def wrap(self, header: str, data: bytes = b"", le: bytes = b"") -> bytes:
        head = bytes.fromhex(header)
        if data or self.count_all:
            self.counter += 1
        if data and self.level & 0x02:
            clear = data + b"\x80" + bytes(-(len(data) + 1) % 16)
            data = self._cbc(0x00).encryptor().update(clear)
        return self._maced(bytes((head[0] | 4,)) + head[1:], data, le)

    def unwrap(self, answer: bytes) -> tuple[bytes, int]:
        data, status = answer[:-2], sw(answer)
        if not self.level & 0x10 or (status != 0x9000 and status >> 8 not in {0x62, 0x63}):
            return data, status
        data, code = data[: -self.size], data[-self.size :]
        assert code == mac(self.s_rmac, self.chain + data + answer[-2:])[: self.size]
        if data and self.level & 0x20:
            clear = self._cbc(0x80).decryptor().update(data).rstrip(b"\0")
            assert clear[-1] == 0x80
            data = clear[:-1]
        return data, status

    def _maced(self, head: bytes, data: bytes, le: bytes) -> bytes:
        length = len(data) + self.size
        lc = bytes((length,)) if length < 256 else b"\0" + length.to_bytes(2, "big")
        self.chain = mac(self.s_mac, self.chain + head + lc + data)
        return head + lc + data + self.chain[: self.size] + le

    def _cbc(self, first: int) -> Cipher[modes.CBC]:
        block = bytes((first,)) + self.counter.to_bytes(15, "big")
        iv = Cipher(algorithms.AES(self.s_enc), modes.ECB()).encryptor().update(block)
        return Cipher(algorithms.AES(self.s_enc), modes.CBC(iv))


def template(fid: int = 0x0101, sfi: int = 2, size: int = 64, update: int = 0x30, read: int = 0x31) -> bytes:
    """The data of CREATE FILE."""
    inner = b"\x80\x02" + size.to_bytes(2, "big") + b"\x82\x01\x01\x83\x02" + fid.to_bytes(2, "big")
    inner += bytes((0x88, 1, sfi << 3, 0x8C, 3, 3, update, read))
    return bytes((0x62, len(inner))) + inner


def new_card(**options: object) -> VirtualCard:
    """A blank, powered."""
    card = VirtualCard(SERIAL, MASTERS, **options)  # type: ignore[arg-type]
    card.power_on()
    return card


def card_with_files() -> VirtualCard:
    """A card with one free and one protected file, and no channel."""
    card = new_card()
    host = Host(card).open()
    for fid, sfi, read in ((0x0100, 1, 0x00), (0x0101, 2, 0x31), (0x0102, 3, 0x30), (0x0103, 4, 0xFF)):
        assert host.send("84E00000", template(fid, sfi, 300, 0x30, read)) == (b"", 0x9000)
        assert host.send("84D60000", bytes(range(150))) == (b"", 0x9000)
    card.power_on()
    return card
