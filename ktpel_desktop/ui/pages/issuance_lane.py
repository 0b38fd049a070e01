"""What the issuance page runs in the device's lane: the use cases with the window's ear on their steps."""

from __future__ import annotations

from collections.abc import Callable

from ktpel_desktop.core.issuance import Job
from ktpel_desktop.core.ports import PrintStage, Progress
from ktpel_desktop.core.print_order import VerifiedOrder
from ktpel_desktop.core.roles import Actor
from ktpel_desktop.services import issuing
from ktpel_desktop.services.approvals import Approval
from ktpel_desktop.services.desk import Desk
from ktpel_desktop.ui.widgets.device_work import DeviceWork


def encode(
    work: DeviceWork, desk: Desk, actor: Actor, job: str, order: VerifiedOrder, report: Progress
) -> Job:
    """Write the chip, until somebody asks to stop while that is safe."""
    return issuing.encode(desk, actor, job, order, work.until_stopped(report))


def print_card(
    desk: Desk,
    actor: Actor,
    job: str,
    order: VerifiedOrder,
    report: Callable[[PrintStage], None],
    *,
    out_of_hours: Approval | None,
) -> Job:
    """Print the face, and tell the printer's stages."""
    return issuing.print_card(desk, actor, job, order, out_of_hours=out_of_hours, told=report)
