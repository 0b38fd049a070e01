"""Windows' spooler functions as Python calls: winspool.drv by ctypes, no more of it than the driver needs.

Names, numbers and structures as in the Windows SDK's winspool.h; learn.microsoft.com, "Print Spooler API". Pure
declarations and memory: what the numbers mean stands in windows.py. Only 64-bit Windows, where stdcall is C's
calling convention. It has not been run on Windows yet: the tests put a stand-in with the same four verbs in its place.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import POINTER, Structure, byref, c_ubyte, c_uint32, c_void_p, c_wchar_p
from dataclasses import dataclass
from typing import Protocol

ERROR_ACCESS_DENIED = 5
ERROR_INVALID_PRINTER_NAME = 1801

_MOST_JOBS = 1000
_ENUM_INSTALLED = 0x2 | 0x4
"""PRINTER_ENUM_LOCAL and PRINTER_ENUM_CONNECTIONS: what this user can print on."""


class SpoolerError(Exception):
    """A call failed; `number` is GetLastError's."""

    def __init__(self, call: str, number: int) -> None:
        super().__init__(f"{call}: {number}")
        self.call = call
        self.number = number


@dataclass(frozen=True, slots=True)
class PrinterInfo:
    """Of PRINTER_INFO_2: name, PRINTER_STATUS_… and PRINTER_ATTRIBUTE_… bits, names of driver and port."""

    name: str
    status: int
    attributes: int
    driver: str = ""
    port: str = ""


@dataclass(frozen=True, slots=True)
class JobInfo:
    """Of JOB_INFO_2: number, document, user, JOB_STATUS_… bits, milliseconds since printing began, pages done."""

    number: int
    document: str
    user: str
    status: int
    time: int = 0
    pages_printed: int = 0


class Winspool(Protocol):
    """The spooler as windows.py uses it. Every failure is a SpoolerError."""

    def printers(self) -> list[PrinterInfo]: ...
    def printer(self, name: str) -> PrinterInfo: ...
    def jobs(self, printer: str) -> list[JobInfo]: ...
    def control(self, printer: str, number: int, command: int) -> None:
        """SetJob with a JOB_CONTROL_… command."""
        ...

    def write_raw(self, printer: str, title: str, data: bytes, begun: Callable[[int], None]) -> int:
        """One RAW document; the job's number, told to `begun` before its bytes are written.

        A failure in "OpenPrinter" or "StartDocPrinter" sent nothing; later the document was aborted.
        """
        ...


class _SystemTime(Structure):
    _fields_ = [
        (name, ctypes.c_uint16)
        for name in ("year", "month", "weekday", "day", "hour", "minute", "second", "milliseconds")
    ]


class _Printer2(Structure):
    _fields_ = [
        ("server", c_wchar_p),
        ("name", c_wchar_p),
        ("share", c_wchar_p),
        ("port", c_wchar_p),
        ("driver", c_wchar_p),
        ("comment", c_wchar_p),
        ("location", c_wchar_p),
        ("devmode", c_void_p),
        ("separator", c_wchar_p),
        ("processor", c_wchar_p),
        ("datatype", c_wchar_p),
        ("parameters", c_wchar_p),
        ("security", c_void_p),
        ("attributes", c_uint32),
        ("priority", c_uint32),
        ("default_priority", c_uint32),
        ("start", c_uint32),
        ("until", c_uint32),
        ("status", c_uint32),
        ("jobs", c_uint32),
        ("average", c_uint32),
    ]


class _Job2(Structure):
    _fields_ = [
        ("number", c_uint32),
        ("printer", c_wchar_p),
        ("machine", c_wchar_p),
        ("user", c_wchar_p),
        ("document", c_wchar_p),
        ("notify", c_wchar_p),
        ("datatype", c_wchar_p),
        ("processor", c_wchar_p),
        ("parameters", c_wchar_p),
        ("driver", c_wchar_p),
        ("devmode", c_void_p),
        ("status_text", c_wchar_p),
        ("security", c_void_p),
        ("status", c_uint32),
        ("priority", c_uint32),
        ("position", c_uint32),
        ("start", c_uint32),
        ("until", c_uint32),
        ("total_pages", c_uint32),
        ("size", c_uint32),
        ("submitted", _SystemTime),
        ("time", c_uint32),
        ("pages_printed", c_uint32),
    ]


class _Doc1(Structure):
    _fields_ = [("title", c_wchar_p), ("output", c_wchar_p), ("datatype", c_wchar_p)]


class SystemWinspool:
    """winspool.drv itself."""

    def __init__(self) -> None:
        self._dll = ctypes.CDLL("winspool.drv", use_last_error=True)
        self._dll.OpenPrinterW.argtypes = [c_wchar_p, POINTER(c_void_p), c_void_p]
        self._dll.ClosePrinter.argtypes = [c_void_p]
        self._dll.GetPrinterW.argtypes = [c_void_p, c_uint32, c_void_p, c_uint32, POINTER(c_uint32)]
        self._dll.EnumPrintersW.argtypes = [
            *(c_uint32, c_wchar_p, c_uint32, c_void_p, c_uint32),
            *(POINTER(c_uint32), POINTER(c_uint32)),
        ]
        self._dll.EnumJobsW.argtypes = [
            *(c_void_p, c_uint32, c_uint32, c_uint32, c_void_p, c_uint32),
            *(POINTER(c_uint32), POINTER(c_uint32)),
        ]
        self._dll.SetJobW.argtypes = [c_void_p, c_uint32, c_uint32, c_void_p, c_uint32]
        self._dll.StartDocPrinterW.argtypes = [c_void_p, c_uint32, POINTER(_Doc1)]
        for name in ("StartPagePrinter", "EndPagePrinter", "EndDocPrinter", "AbortPrinter"):
            self._dll[name].argtypes = [c_void_p]
        self._dll.WritePrinter.argtypes = [c_void_p, c_void_p, c_uint32, POINTER(c_uint32)]

    def printers(self) -> list[PrinterInfo]:
        needed, count = c_uint32(), c_uint32()
        size = (byref(needed), byref(count))
        if self._dll.EnumPrintersW(_ENUM_INSTALLED, None, 2, None, 0, *size):
            return []  # as for jobs below
        room = (c_ubyte * max(needed.value, 1))()
        _check("EnumPrinters", self._dll.EnumPrintersW(_ENUM_INSTALLED, None, 2, room, needed.value, *size))
        found = ctypes.cast(room, POINTER(_Printer2))
        return [_printer_info(found[index]) for index in range(count.value)]

    def printer(self, name: str) -> PrinterInfo:
        with self._opened(name) as handle:
            needed = c_uint32()
            self._dll.GetPrinterW(handle, 2, None, 0, byref(needed))
            room = (c_ubyte * max(needed.value, 1))()
            _check("GetPrinter", self._dll.GetPrinterW(handle, 2, room, needed.value, byref(needed)))
            return _printer_info(ctypes.cast(room, POINTER(_Printer2))[0])

    def jobs(self, printer: str) -> list[JobInfo]:
        with self._opened(printer) as handle:
            needed, count = c_uint32(), c_uint32()
            if self._dll.EnumJobsW(handle, 0, _MOST_JOBS, 2, None, 0, byref(needed), byref(count)):
                return []  # no job fits into no room; where it failed, it fails again below
            room = (c_ubyte * max(needed.value, 1))()
            done = self._dll.EnumJobsW(
                handle, 0, _MOST_JOBS, 2, room, needed.value, byref(needed), byref(count)
            )
            _check("EnumJobs", done)
            found = ctypes.cast(room, POINTER(_Job2))
            return [_job_info(found[index]) for index in range(count.value)]

    def control(self, printer: str, number: int, command: int) -> None:
        with self._opened(printer) as handle:
            _check("SetJob", self._dll.SetJobW(handle, number, 0, None, command))

    def write_raw(self, printer: str, title: str, data: bytes, begun: Callable[[int], None]) -> int:
        with self._opened(printer) as handle:
            document = _Doc1(title, None, "RAW")
            number = int(self._dll.StartDocPrinterW(handle, 1, byref(document)))
            _check("StartDocPrinter", number)
            try:
                begun(number)
                _check("StartPagePrinter", self._dll.StartPagePrinter(handle))
                self._write(handle, data)
                _check("EndPagePrinter", self._dll.EndPagePrinter(handle))
            except SpoolerError:
                self._dll.AbortPrinter(handle)
                raise
            _check("EndDocPrinter", self._dll.EndDocPrinter(handle))
            return number

    def _write(self, handle: c_void_p, data: bytes) -> None:
        at, written = 0, c_uint32()
        while at < len(data):
            piece = data[at : at + 65536]
            _check("WritePrinter", self._dll.WritePrinter(handle, piece, len(piece), byref(written)))
            if not written.value:
                raise SpoolerError("WritePrinter", 0)
            at += written.value

    @contextmanager
    def _opened(self, name: str) -> Iterator[c_void_p]:
        handle = c_void_p()
        _check("OpenPrinter", self._dll.OpenPrinterW(name, byref(handle), None))
        try:
            yield handle
        finally:
            self._dll.ClosePrinter(handle)


def _check(call: str, done: int) -> None:
    if not done:
        last_error = getattr(ctypes, "get_last_error", lambda: 0)  # exists on Windows only
        raise SpoolerError(call, last_error())


def _printer_info(found: _Printer2) -> PrinterInfo:
    return PrinterInfo(found.name or "", found.status, found.attributes, found.driver or "", found.port or "")


def _job_info(found: _Job2) -> JobInfo:
    return JobInfo(
        number=found.number,
        document=found.document or "",
        user=found.user or "",
        status=found.status,
        time=found.time,
        pages_printed=found.pages_printed,
    )
