"""Plugs and meters that answer by HTTP: Shelly of the first and of later generations, and Tasmota.

Source: room.md 2.3 (addresses, field names, a real EM1 answer: watts and volt-amperes agree there and the told power
factor does not, so it is not used; a plug's own temperature is the plug's heat and never read here). Only GET, never a
command that switches. A plug measures one appliance, so a reading names what it hangs on: the settings know.
"""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, NoReturn

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ktpel_desktop.core.errors import DeviceError
from ktpel_desktop.devices.http_deadline import DeadlineTransport
from ktpel_desktop.devices.sensors.power_meter import MeterMeasurement

_LONGEST = 64 * 1024

_Number = Annotated[float, Field(allow_inf_nan=False)]


class _Strict(BaseModel):
    """Numbers are numbers, never texts or truth values; fields that nobody asked for may stand there."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class _Gen1Meter(_Strict):
    power: _Number
    is_valid: Literal[True]


class _Gen1Status(_Strict):
    meters: Annotated[list[_Gen1Meter], Field(min_length=1, max_length=8)]


class _Gen2Switch(_Strict):
    id: int
    apower: _Number
    voltage: _Number
    current: _Number
    errors: Annotated[list[str], Field(max_length=0)] = []


class _Gen2Em1(_Strict):
    voltage: _Number
    current: _Number
    act_power: _Number
    aprt_power: _Number
    errors: Annotated[list[str], Field(max_length=0)] = []


class _TasmotaEnergy(_Strict):
    power: _Number = Field(alias="Power")
    apparent: _Number = Field(alias="ApparentPower")
    voltage: _Number = Field(alias="Voltage")
    current: _Number = Field(alias="Current")


class _TasmotaSensors(_Strict):
    energy: _TasmotaEnergy = Field(alias="ENERGY")


class _TasmotaStatus(_Strict):
    sensors: _TasmotaSensors = Field(alias="StatusSNS")


@dataclass(frozen=True, slots=True)
class MeterAccess:
    """Where a meter is and who asks. `url` is scheme, host and port only; `channel` counts from 0."""

    url: str
    channel: int = 0
    user: str = ""
    password: str = ""
    timeout_s: float = 2.0

    def __repr__(self) -> str:
        return f"MeterAccess({self.url!r}, channel={self.channel})"


class HttpMeter(ABC):
    """A meter. `transport` takes the place of the network in tests."""

    source: ClassVar[str]

    def __init__(self, access: MeterAccess, transport: httpx.BaseTransport | None = None) -> None:
        self._access, self._transport = access, transport

    @abstractmethod
    def _question(self) -> tuple[str, dict[str, str]]:
        """Path and query."""

    @abstractmethod
    def _understood(self, plain: dict[str, Any], raw: str) -> MeterMeasurement:
        """The measurement in an answer. Raises ValidationError."""

    def _login(self) -> httpx.Auth | None:
        return None

    def measure(self, timeout_s: float | None = None) -> MeterMeasurement:
        """One measurement.

        Raises DeviceError "meter.unreachable", "meter.silent", "meter.connection_lost", "meter.access_denied",
        "meter.refused", "meter.too_long", "meter.not_json", "meter.fields_missing", "meter.nonsense".
        """
        status, body = self._answer(timeout_s or self._access.timeout_s)
        if status in (401, 403):
            raise DeviceError("meter.access_denied")
        if status != 200:
            raise DeviceError("meter.refused", status=status)
        raw = body.decode("utf-8", "replace")
        try:
            plain = json.loads(raw, parse_constant=_no_number)
        except (ValueError, RecursionError):
            raise DeviceError("meter.not_json", raw=raw[:80]) from None
        if not isinstance(plain, dict):
            raise DeviceError("meter.not_json", raw=raw[:80])
        if "Need user=" in str(plain.get("WARNING", "")):  # Tasmota refuses so, with status 200
            raise DeviceError("meter.access_denied")
        try:
            found = self._understood(plain, " ".join(raw.split())[:500])
        except ValidationError:
            raise DeviceError("meter.fields_missing", raw=raw[:200]) from None
        if not found.is_plausible():
            raise DeviceError("meter.nonsense", raw=found.evidence)
        return found

    def _answer(self, timeout_s: float) -> tuple[int, bytes]:
        path, query = self._question()
        body = b""
        try:
            with (
                httpx.Client(
                    base_url=self._access.url,
                    timeout=timeout_s,
                    auth=self._login(),
                    follow_redirects=False,
                    trust_env=False,  # a meter stands in this room; a proxy of the environment does not reach it
                    transport=self._transport or DeadlineTransport(time.monotonic() + timeout_s),
                    headers={"Accept-Encoding": "identity"},
                ) as client,
                client.stream("GET", path, params=query) as answer,
            ):
                for piece in answer.iter_raw():
                    body += piece
                    if len(body) > _LONGEST:
                        raise DeviceError("meter.too_long")
                return answer.status_code, body
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL, httpx.UnsupportedProtocol):
            raise DeviceError("meter.unreachable") from None
        except ValueError:  # no host can have this name
            raise DeviceError("meter.unreachable") from None
        except httpx.TimeoutException:
            raise DeviceError("meter.silent") from None
        except httpx.HTTPError:
            raise DeviceError("meter.connection_lost") from None


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)  # NaN, Infinity: Python's reader would take them, JSON does not have them


class ShellyGen1(HttpMeter):
    """Shelly Plug, Plug S, 1PM: watts only."""

    source = "Shelly (gen 1)"

    def _question(self) -> tuple[str, dict[str, str]]:
        return "/status", {}

    def _login(self) -> httpx.Auth | None:
        return httpx.BasicAuth(self._access.user, self._access.password) if self._access.user else None

    def _understood(self, plain: dict[str, Any], raw: str) -> MeterMeasurement:
        meters = _Gen1Status.model_validate(plain).meters
        if not 0 <= self._access.channel < len(meters):
            raise DeviceError("meter.fields_missing", raw=raw[:200])
        return MeterMeasurement(meters[self._access.channel].power, None, None, None, raw)


class _ShellyGen2(HttpMeter):
    def _login(self) -> httpx.Auth | None:
        return httpx.DigestAuth(self._access.user, self._access.password) if self._access.user else None


class ShellySwitch(_ShellyGen2):
    """Shelly of the second generation and later with a relay and a meter."""

    source = "Shelly (gen 2, switch)"

    def _question(self) -> tuple[str, dict[str, str]]:
        return "/rpc/Switch.GetStatus", {"id": str(self._access.channel)}

    def _understood(self, plain: dict[str, Any], raw: str) -> MeterMeasurement:
        told = _Gen2Switch.model_validate(plain)
        if told.id != self._access.channel:
            raise DeviceError("meter.fields_missing", raw=raw[:200])
        return MeterMeasurement(told.apower, told.voltage, told.current, told.voltage * told.current, raw)


class ShellyEm1(_ShellyGen2):
    """Shelly EM of the second generation and later: a clamp on the room's circuit."""

    source = "Shelly (gen 2, EM1)"

    def _question(self) -> tuple[str, dict[str, str]]:
        return "/rpc/EM1.GetStatus", {"id": str(self._access.channel)}

    def _understood(self, plain: dict[str, Any], raw: str) -> MeterMeasurement:
        told = _Gen2Em1.model_validate(plain)
        return MeterMeasurement(told.act_power, told.voltage, told.current, told.aprt_power, raw)


class Tasmota(HttpMeter):
    """A plug with Tasmota's firmware. Its password travels in the address, as Tasmota wants it."""

    source = "Tasmota"

    def _question(self) -> tuple[str, dict[str, str]]:
        login = {"user": self._access.user, "password": self._access.password} if self._access.user else {}
        return "/cm", {"cmnd": "Status 8", **login}

    def _understood(self, plain: dict[str, Any], raw: str) -> MeterMeasurement:
        told = _TasmotaStatus.model_validate(plain).sensors.energy
        return MeterMeasurement(told.power, told.voltage, told.current, told.apparent, raw)
