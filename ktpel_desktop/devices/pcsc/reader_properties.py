"""What a reader says about itself when it is asked by SCardControl (PC/SC part 10), read by pyscard's own parsers."""

from __future__ import annotations

from typing import Any

from smartcard import scard
from smartcard.pcsc import PCSCPart10

from ktpel_desktop.devices.pcsc import failures

_MOST_APDU_DATA = "PCSCv2_PART10_PROPERTY_dwMaxAPDUDataSize"


def most_apdu_data(handle: int) -> int | None:
    """Most bytes of data that reader and driver take in one APDU, 0 where short ones only; None where they do not tell.

    The question ends at the driver: the card hears nothing of it. Never raises; a reader that has gone tells nothing.
    """
    try:
        features = PCSCPart10.parseFeatureRequest(_answer(handle, PCSCPart10.CM_IOCTL_GET_FEATURE_REQUEST))
        properties = PCSCPart10.hasFeature(features, PCSCPart10.FEATURE_GET_TLV_PROPERTIES)
        if properties is None:
            return None
        told: Any = PCSCPart10.parseTlvProperties(_answer(handle, properties)).get(_MOST_APDU_DATA)
    except IndexError:  # what pyscard makes of an answer that is cut off
        return None
    return told if isinstance(told, int) else None


def _answer(handle: int, code: int) -> list[int]:
    number, answer = scard.SCardControl(handle, code, [])
    return list(answer) if number == failures.SUCCESS else []
