"""Saying no: with a ground, in a letter, and to be contested before another person."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from clm.core import actors, clocks, lifecycle, records, work
from clm.core.models import Event, Task, User
from customers.lifecycle import Stage
from customers.models import Customer
from onboarding import refusals, selectors
from onboarding.models import Application, ApplicationTask, RefusalLetter, TaskKind
from onboarding.services.applications import open_for_customer
from onboarding.services.asked import ask_anew

DECIDES = "onboarding.decline_application"


def refuse(
    *,
    application: Application,
    ground: str,
    words: str,
    reason: str,
    actor: User,
    at: datetime,
    version: int | None = None,
) -> Application:
    """
    Decline an application for a ground that the customer is told in a letter.

    :param words: what the letter says besides; of a ground of money laundering nothing is added
    :param reason: for the bank's own record; it stands in no letter
    :raises ValidationError: no such ground, or none for a basic payment account
    :raises TransitionRefused: it cannot be declined now
    :raises StaleVersion: somebody else changed it since `version`
    """
    if ground not in refusals.Ground.values:
        raise ValidationError({"ground": _("Choose a ground.")})
    if selectors.is_basic(application=application) and ground not in refusals.BASIC_GROUNDS:
        raise ValidationError({"ground": _("The law refuses no basic payment account for that.")})
    with transaction.atomic():
        locked = records.change(
            record=application,
            changes={"refusal_ground": ground, "refusal_words": words.strip()[:1000]},
            actor=actor,
            at=at,
            version=version,
        )
        return lifecycle.perform(
            record=locked, name="decline", actor=actor, at=at,
            reason=reason or str(refusals.Ground(ground).label),
        )  # fmt: skip


def write_refusal(*, event: Event, at: datetime) -> None:
    """Declined: the letter with its ground is written, once, in both languages."""
    application = Application.objects.select_related("customer", "product", "template").get(
        pk=event.record_id
    )
    if RefusalLetter.objects.filter(application=application).exists():
        return
    records.create(
        record=RefusalLetter(
            application=application,
            ground=application.refusal_ground,
            text_da=_text(application, "da"),
            text_en=_text(application, "en"),
            written_at=event.at,
            due_at=application.due_at if selectors.is_basic(application=application) else None,
            by=event.actor,
            contest_until=event.at + timedelta(days=refusals.CONTEST_DAYS),
        ),
        actor=actors.system_user(),
        at=at,
    )


def contest(*, letter: RefusalLetter, words: str, actor: User, at: datetime) -> RefusalLetter:
    """
    The customer disagrees: another person than the one who decided gets a task with a clock.

    :raises ValidationError: nothing is said, or the time is over
    """
    if not words.strip():
        raise ValidationError({"words": _("Say why you disagree.")})
    if at > letter.contest_until:
        raise ValidationError({"words": _("The time to contest it here is over.")})
    with transaction.atomic():
        locked = RefusalLetter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
        if locked.contested_at is not None:
            return locked
        due_at = clocks.add_business_days(start=at, days=refusals.REVIEW_DAYS)
        reviewer = _another(letter)
        locked = records.change(
            record=locked,
            changes={
                "contested_at": at, "contest": words.strip()[:4000], "reviewer": reviewer,
                "review_due_at": due_at,
            },
            actor=actor,
            at=at,
        )  # fmt: skip
        application = letter.application
        records.note(record=application, action="contest", actor=actor, at=at)
        with override(reviewer.language if reviewer else "da"):
            title = _("Contested decision: look at it anew")
        work.add_task(
            title=title, record=application, assignee=reviewer, due_at=due_at,
            actor=actors.system_user(), at=at, url=selectors.place_of(application=application),
        )  # fmt: skip
    return locked


def answer_contest(
    *, letter: RefusalLetter, outcome: str, words: str, actor: User, at: datetime
) -> RefusalLetter:
    """
    Answer somebody who contested a decision; overturned, a new application goes on with the
    answers of the old one.

    :raises PermissionDenied: `actor` decided the first time, or may not decide
    :raises ValidationError: no outcome or no words, or it was answered already
    """
    if not actors.may(actor=actor, permission=DECIDES) or actor.pk == letter.by_id:
        raise PermissionDenied(_("Another person than the one who decided looks at it again."))
    if outcome not in dict(refusals.OUTCOMES):
        raise ValidationError({"outcome": _("Choose what comes of it.")})
    if not words.strip():
        raise ValidationError({"words": _("Say why, in words for the customer.")})
    with transaction.atomic():
        locked = RefusalLetter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
        if locked.contested_at is None or locked.answered_at is not None:
            raise ValidationError({"outcome": _("There is nothing to answer.")})
        following = _go_on(letter.application, actor, at) if outcome == "overturned" else None
        changes: dict[str, Any] = {
            "answered_at": at, "outcome": outcome, "answer": words.strip()[:4000],
            "reviewer": actor, "following": following,
        }  # fmt: skip
        locked = records.change(record=locked, changes=changes, actor=actor, at=at)
        records.note(record=letter.application, action="review", actor=actor, at=at)
        for task in Task.objects.filter(
            record_type=Application._meta.label, record_id=letter.application_id, done_at=None
        ):
            work.finish_task(task=task, actor=actor, at=at)
    return locked


def _text(application: Application, language: str) -> str:
    with override(language):
        product = str(application.product or application.template)
    return refusals.letter(
        language=language,
        product=product,
        ground=application.refusal_ground,
        words=application.refusal_words,
        sent_in=application.submitted_at,
        basic=selectors.is_basic(application=application),
    )


def _another(letter: RefusalLetter) -> User | None:
    """Of those who may decide, another than who did, the one with the fewest open applications."""
    found = [one for one in selectors.deciders() if one.pk != letter.by_id]
    loads = selectors.open_by_officer()
    return min(found, key=lambda one: (loads.get(one.pk, 0), one.pk), default=None)


def _go_on(application: Application, actor: User, at: datetime) -> Application:
    """A draft with the same answers, for the customer as a prospect again."""
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=application.customer_id)
    if customer.stage in (Stage.DECLINED, Stage.WITHDRAWN):
        customer = lifecycle.perform(
            record=customer, name="win_back", actor=actors.system_user(), at=at
        )
    made = open_for_customer(
        customer=customer, product=application.product, kind=application.template.kind,
        origin_id=application.pk, officer=actor, actor=actor, at=at,
    )  # fmt: skip
    before = {one.key: one for one in application.tasks.filter(kind=TaskKind.ANSWERS)}
    for task in ApplicationTask.objects.filter(application=made, kind=TaskKind.ANSWERS):
        old = before.get(task.key)
        if old is not None:
            records.change(
                record=task,
                changes={"answers": old.answers, "done_at": at if old.done_at else None},
                actor=actor,
                at=at,
            )
    ask_anew(application=made, actor=actor, at=at)
    return made
