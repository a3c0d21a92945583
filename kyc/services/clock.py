"""A case's clock stands still while its customer is asked."""

from datetime import datetime

from clm.core import actors, clocks, events, records
from clm.core.models import Event
from kyc.lifecycle import CaseState
from kyc.models import Case


def resume_clock(*, event: Event, at: datetime) -> None:
    """
    A case taken up again after its customer was asked has the time that was left then.

    Only the newest step counts, so that running twice, or late, moves the deadline once.
    """
    if event.source != CaseState.WAITING_FOR_CUSTOMER:
        return
    case = Case.objects.get(pk=event.record_id)
    steps = events.for_record(case).exclude(target="")
    newest = steps.first()
    asked = steps.filter(target=CaseState.WAITING_FOR_CUSTOMER, sequence__lt=event.sequence).first()
    moved = events.for_record(case).filter(action="change", cause_id=event.pk).exists()
    if newest is None or newest.pk != event.pk or asked is None or case.due_at is None or moved:
        return
    due_at = clocks.resumed(due_at=case.due_at, paused_at=asked.at, at=event.at)
    records.change(
        record=case, changes={"due_at": due_at}, actor=actors.system_user(), at=at,
        reason="resumed",
    )  # fmt: skip
