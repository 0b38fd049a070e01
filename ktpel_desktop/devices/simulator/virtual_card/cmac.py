"""AES on whole blocks, CBC and CMAC (RFC 4493, NIST SP 800-38A and 38B), from the single block upward.

Written out on purpose: the program's own code calls a library for these, and is proven against this one.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 16
_RB = 0x87  # RFC 4493, 2.3: the constant of GF(2^128)


def xor(left: bytes, right: bytes) -> bytes:
    """Of two byte strings of one length."""
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def encrypt_block(key: bytes, block: bytes) -> bytes:
    """One block under AES-128, -192 or -256."""
    cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - the block itself
    return cipher.update(block) + cipher.finalize()


def decrypt_block(key: bytes, block: bytes) -> bytes:
    """The other way round."""
    cipher = Cipher(algorithms.AES(key), modes.ECB()).decryptor()  # noqa: S305 - the block itself
    return cipher.update(block) + cipher.finalize()


def encrypt_cbc(key: bytes, iv: bytes, clear: bytes) -> bytes:
    """SP 800-38A, 6.2; `clear` is whole blocks."""
    secret, last = b"", iv
    for at in range(0, len(clear), BLOCK):
        last = encrypt_block(key, xor(clear[at : at + BLOCK], last))
        secret += last
    return secret


def decrypt_cbc(key: bytes, iv: bytes, secret: bytes) -> bytes:
    """SP 800-38A, 6.2; `secret` is whole blocks."""
    clear, last = b"", iv
    for at in range(0, len(secret), BLOCK):
        block = secret[at : at + BLOCK]
        clear += xor(decrypt_block(key, block), last)
        last = block
    return clear


def pad(data: bytes) -> bytes:
    """ISO/IEC 9797-1 method 2: 80, then zeros to a whole block; at least one byte."""
    return data + b"\x80" + bytes(-(len(data) + 1) % BLOCK)


def unpad(data: bytes) -> bytes | None:
    """What was padded, or None where this is no padding."""
    clear = data.rstrip(b"\0")
    return clear[:-1] if clear.endswith(b"\x80") and len(data) - len(clear) < BLOCK else None


def subkeys(key: bytes) -> tuple[bytes, bytes]:
    """K1 and K2 (RFC 4493, 2.3)."""
    first = _double(encrypt_block(key, bytes(BLOCK)))
    return first, _double(first)


def cmac(key: bytes, message: bytes) -> bytes:
    """RFC 4493, 2.4: all 16 bytes."""
    first, second = subkeys(key)
    whole = max(0, (len(message) - 1) // BLOCK) * BLOCK
    last = message[whole:]
    last = xor(last, first) if len(last) == BLOCK else xor(pad(last), second)
    chain = bytes(BLOCK)
    for at in range(0, whole, BLOCK):
        chain = encrypt_block(key, xor(chain, message[at : at + BLOCK]))
    return encrypt_block(key, xor(chain, last))


def _double(block: bytes) -> bytes:
    number = int.from_bytes(block, "big") << 1
    if number >> 128:
        number = (number & ((1 << 128) - 1)) ^ _RB
    return number.to_bytes(BLOCK, "big")
