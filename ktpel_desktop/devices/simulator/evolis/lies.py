"""What a simulated Evolis printer may be told to do wrong. Each happens once, at the next opportunity."""

from __future__ import annotations

from enum import StrEnum


class Lie(StrEnum):
    """Wrong doings of the printer itself. "Silent" ones never answer the command."""

    FEEDER_MISSES = "feeder misses"
    JAM_FEEDING = "jam while the card is taken in"
    JAM_LEAVING_STATION = "jam on the way from the station"
    JAM_PRINTING = "jam in the middle of printing"
    RIBBON_ENDS = "ribbon ends in the middle of a card"
    RIBBON_TEARS = "ribbon tears before it touches the card"
    DOOR_OPENS = "door opened in the middle of a card"
    STAYS_INSIDE = "printed, counted, answered OK, card kept inside"
    OUT_NOT_PRINTED = "nothing printed or counted, answered OK, card put out"
    NOTHING_DONE = "silent, and nothing was done"
    SILENT = "printed, counted, card out, but silent"
    NOT_COUNTED = "printed, card out, answered OK, not counted"
    COUNTED_TWICE = "printed, card out, answered OK, counted twice"
    COUNTED_INSIDE = "counted without printing, answered OK, card inside"
    COUNTED_OUT = "counted without printing, answered OK, card put out"
    CARD_LOST = "printed and counted, silent, and the card is nowhere"


class LinkLie(StrEnum):
    """Wrong doings of the USB line."""

    SHORT_READS = "one byte at a time"
    EMPTY_READS = "packets without bytes, for ever"
    GARBAGE = "answers of bytes that mean nothing"
    TWO_ANSWERS = "every answer twice"
    NO_END = "answers without their end"
    STALLED_OUT = "the endpoint out is halted"
    STALLED_IN = "the endpoint in is halted"
