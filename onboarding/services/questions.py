"""What a customer asks a person: handed over with a clock, answered on the same page."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from clm.core import actors, clocks, records, work
from clm.core.assistant import redaction
from clm.core.assistant.services import note_hand_over
from clm.core.models import User
from onboarding.models import Application, ApplicationLink, CustomerQuestion

#: Opening hours until a person has answered.
HOURS = 8
#: So many may wait for an answer at once.
MOST = 5
LONGEST, LONGEST_REPLY = 500, 2000


def hand_over(
    *, link: ApplicationLink, text: str, actor: User, at: datetime, answer_id: Any = None
) -> CustomerQuestion:
    """
    Give a question to a person: the officer, else the adviser, else who made the link.

    The same question again, while it waits, is the one that waits.

    :param answer_id: the answer of the assistant that did not do
    :raises ValidationError: it is empty or too long, or too many wait already
    """
    asked = redaction.plain(text)
    if not asked:
        raise ValidationError({"question": _("Write a question.")})
    if len(asked) > LONGEST:
        raise ValidationError({"question": _("Write it shorter: at most 500 characters.")})
    with transaction.atomic():
        application = (
            Application.objects.select_for_update(of=("self",))
            .select_related("customer__adviser", "officer")
            .get(pk=link.application_id)
        )
        waiting = list(CustomerQuestion.objects.filter(application=application, replied_at=None))
        same = next((one for one in waiting if one.text == asked), None)
        if same is not None:
            return same
        if len(waiting) >= MOST:
            raise ValidationError(
                {"question": _("Several of your questions wait for an answer already.")}
            )
        due_at = clocks.add_business_hours(start=at, hours=HOURS)
        task = work.add_task(
            title=_("Answer a customer’s question"),
            record=application,
            assignee=application.officer or application.customer.adviser or link.created_by,
            due_at=due_at,
            url=reverse("onboarding:application", args=[application.pk]) + "#questions",
            actor=actors.system_user(),
            at=at,
        )
        question = records.create(
            record=CustomerQuestion(application=application, text=asked, due_at=due_at, task=task),
            actor=actor,
            at=at,
            payload={"application_id": str(application.pk)},
        )
        records.note(
            record=application, action="question_asked", actor=actor, at=at,
            payload={"customer_id": str(application.customer_id), "channel": "link"},
        )  # fmt: skip
    if answer_id is not None:
        note_hand_over(answer_id=answer_id, at=at)
    return question


def reply_to(
    *, question: CustomerQuestion, text: str, actor: User, at: datetime
) -> CustomerQuestion:
    """
    Answer a customer; they read it behind their link.

    :raises PermissionDenied: `actor` may not
    :raises ValidationError: no answer, too long, or somebody has answered meanwhile
    """
    if actors.is_customer(actor) or not actors.may(
        actor=actor, permission="onboarding.change_application"
    ):
        raise PermissionDenied(_("You may not do this."))
    reply = text.replace("\x00", "").strip()
    if not reply:
        raise ValidationError({"reply": _("Write an answer.")})
    if len(reply) > LONGEST_REPLY:
        raise ValidationError({"reply": _("This answer is too long.")})
    with transaction.atomic():
        locked = CustomerQuestion.objects.select_for_update().get(pk=question.pk)
        if locked.replied_at is not None:
            raise ValidationError({"reply": _("Somebody has answered this meanwhile.")})
        answered = records.change(
            record=locked,
            changes={"reply": reply, "replied_at": at, "replied_by": actor},
            actor=actor,
            at=at,
        )
        if locked.task is not None:
            work.finish_task(task=locked.task, actor=actor, at=at)
        records.note(
            record=answered.application, action="question_answered", actor=actor, at=at,
            payload={"customer_id": str(answered.application.customer_id)},
        )  # fmt: skip
    return answered
