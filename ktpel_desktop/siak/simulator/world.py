"""The training SIAK in one piece: authority, city, server and the client that reaches it, opened when first asked."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from ktpel_desktop.core.card_profile import CardProfile
from ktpel_desktop.core.ports import Clock
from ktpel_desktop.core.regions import Regions
from ktpel_desktop.siak.late import LateCheck, LateSiak

if TYPE_CHECKING:
    from ktpel_desktop.siak.authority import PinnedAuthorities
    from ktpel_desktop.siak.client import SiakClient
    from ktpel_desktop.siak.simulator.residents import City
    from ktpel_desktop.siak.simulator.server import SiakSimulator


@dataclass(frozen=True, slots=True)
class Opened:
    """What there is once somebody asked."""

    simulator: SiakSimulator
    client: SiakClient
    city: City
    pinned: PinnedAuthorities


class TrainingWorld:
    """`siak` and `check` are ports of the desk from the beginning; what is behind them comes at the first question.

    What opening raises (GatewayError "siak.training_state", "siak.authority_file", "siak.authority_key_malformed")
    is raised by that question, and by every later one until it succeeds.
    """

    def __init__(
        self,
        *,
        state: Path,
        key: Path,
        clock: Clock,
        timezone: tzinfo,
        regions: Regions,
        lists: Path,
        home: str,
        seed: str | None,
        profile: CardProfile,
    ) -> None:
        """`state` and `key` are files, `lists` is resources/siak/latihan, `home` the office's kelurahan.

        With `seed` authority and city follow from it; without, the authority is a fresh one kept in `key`.
        """
        self._state, self._key, self._clock, self._timezone = state, key, clock, timezone
        self._regions, self._lists, self._home, self._seed = regions, lists, home, seed
        self._profile = profile
        self._opening = threading.Lock()
        self._opened: Opened | None = None
        self.siak = LateSiak(lambda: self.opened().client)
        self.check = LateCheck(lambda: self.opened().pinned)

    def opened(self) -> Opened:
        """Everything, opened by whichever lane comes first."""
        with self._opening:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def close(self) -> None:
        """End the connections and the server, where there are any."""
        with self._opening:
            if self._opened is not None:
                self._opened.client.close()
                self._opened.simulator.stop()

    def _open(self) -> Opened:
        from ktpel_desktop.siak.authority import TrainingAuthority  # noqa: PLC0415
        from ktpel_desktop.siak.client import SiakClient  # noqa: PLC0415
        from ktpel_desktop.siak.simulator.opening import open_registry  # noqa: PLC0415
        from ktpel_desktop.siak.simulator.residents import DEFAULT_SEED  # noqa: PLC0415
        from ktpel_desktop.siak.simulator.server import SiakSimulator  # noqa: PLC0415

        authority = (
            TrainingAuthority.from_file(self._key)
            if self._seed is None
            else TrainingAuthority.from_seed(self._seed)
        )
        registry, city = open_registry(
            self._regions,
            self._lists,
            authority,
            self._clock.now().astimezone(self._timezone).date(),
            self._profile,
            seed=self._seed or DEFAULT_SEED,
            home=self._home,
            state=self._state,
        )
        simulator = SiakSimulator(registry, self._clock)
        simulator.start()
        return Opened(simulator, SiakClient(simulator.access), city, authority.pinned())
