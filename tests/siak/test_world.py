"""The training SIAK behind the desk's ports: nothing is opened before the first question, and then once."""

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

import pytest

from ktpel_desktop.core.errors import GatewayError
from ktpel_desktop.core.nik import Nik
from ktpel_desktop.core.ports import Answer, Health
from ktpel_desktop.core.regions import Regions
from ktpel_desktop.siak.simulator.world import Opened, TrainingWorld
from tests.siak.conftest import HOME, LISTS, PROFILE, SetClock

STATE, KEY = "state.jsonl", "key.pem"
WorldMaker = Callable[..., TrainingWorld]


@pytest.fixture
def make(regions: Regions, clock: SetClock, tmp_path: Path) -> WorldMaker:
    def made(seed: str | None = "uji") -> TrainingWorld:
        return TrainingWorld(
            state=tmp_path / STATE,
            key=tmp_path / KEY,
            clock=clock,
            timezone=UTC,
            regions=regions,
            lists=LISTS,
            home=HOME,
            seed=seed,
            profile=PROFILE,
        )

    return made


def test_nothing_is_there_before_somebody_asks(make: WorldMaker, tmp_path: Path) -> None:
    world = make()
    world.close()
    assert list(tmp_path.iterdir()) == []


def test_the_ports_answer_and_believe_the_same_authority(make: WorldMaker) -> None:
    world = make()
    try:
        assert world.siak.health() == Health(Answer.YES)
        ready = next(
            who
            for who in world.opened().city.values()
            if who.enrolment == "PRINT_READY_RECORD" and who.in_dki
        )
        nik = Nik.parse(ready.nik)
        assert world.siak.look_up(nik).enrolment == "PRINT_READY_RECORD"
        order = world.siak.print_order("T-1", "T", nik, "KTP-BARU")
        assert world.check.knows(order.authority)
        assert world.check.valid(order.authority, order.signed_bytes(), order.signature)
        assert not world.check.valid(order.authority, order.signed_bytes() + b" ", order.signature)
    finally:
        world.close()


def test_lanes_that_ask_at_once_get_the_same_world(make: WorldMaker) -> None:
    world = make()
    found: list[Opened] = []
    lanes = [threading.Thread(target=lambda: found.append(world.opened())) for _ in range(4)]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    world.close()
    assert len({id(one) for one in found}) == 1


def test_without_a_seed_the_authority_is_kept_in_the_folder(make: WorldMaker, tmp_path: Path) -> None:
    first, second = make(None), make(None)
    try:
        first.siak.health()
        key = (tmp_path / KEY).read_bytes()
        second.siak.health()
        assert (tmp_path / KEY).read_bytes() == key
    finally:
        first.close()
        second.close()


def test_what_cannot_be_opened_is_told_by_every_question_and_by_the_lamp(
    make: WorldMaker, tmp_path: Path
) -> None:
    (tmp_path / STATE).write_text("not a ledger\n{}\n")
    world = make()
    for _ in range(2):
        with pytest.raises(GatewayError, match=r"siak\.training_state"):
            world.opened()
    assert world.siak.health() == Health(Answer.NO, ("siak.training_state",))
    world.close()


def test_what_a_start_imports_is_small() -> None:
    """The window must not wait for what the first login or the first card needs."""
    heavy = ["sqlalchemy", "httpx", "pydantic", "cryptography", "argon2", "PIL", "reportlab", "alembic"]
    script = (
        "import sys, ktpel_desktop.startup, ktpel_desktop.training.people, ktpel_desktop.store.sql_store,"
        " ktpel_desktop.siak.simulator.world, ktpel_desktop.documents.writer\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
