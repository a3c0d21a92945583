"""Surveys: asking, sending, answering; who was unhappy is called."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from clm.core import actors, clocks, messages, records, work
from clm.core.messages import Parcel, Refused, Unreachable
from clm.core.models import User
from customers.lifecycle import RELATIONSHIP
from customers.models import Customer, Purpose
from customers.selectors import may_contact, may_contact_many, reach_q, reached_at
from engagement.models import SCALES, Feedback, Measure, Origin, Sending, Survey, SurveyInvitation
from engagement.services.parties import living

#: Nobody is asked anything again for so long.
REST = timedelta(days=90)
#: Opening hours within which an unhappy customer is called.
CALL_WITHIN = 16
MOST_AT_ONCE = 2000
TRIES = 8
LONGEST = 4000
#: By which somebody can be sent a link.
CHANNELS = ("email", "sms")
Clock = Callable[[], datetime]


def add_survey(*, actor: User, at: datetime, **values: Any) -> Survey:
    """
    Add a survey.

    :raises PermissionDenied: `actor` may not
    :raises ValidationError: by field
    """
    actors.require(actor=actor, permission="engagement.add_survey")
    return records.create(record=Survey(**values), actor=actor, at=at)


def change_survey(
    *, survey: Survey, changes: Mapping[str, Any], actor: User, at: datetime,
    version: int | None = None,
) -> Survey:  # fmt: skip
    """
    Correct a survey, or end it. What was answered stays as it was asked.

    :raises ValidationError: another measure than the one that was answered by
    """
    actors.require(actor=actor, permission="engagement.change_survey")
    if changes.get("measure", survey.measure) != survey.measure and survey.answers.exists():
        raise ValidationError({"measure": _("It has answers already.")})
    return records.change(record=survey, changes=changes, actor=actor, at=at, version=version)


def invite(
    *, survey: Survey, channel: str, limit: int, actor: User, at: datetime
) -> tuple[int, Mapping[str, int]]:
    """
    Ask customers within the actor's reach who may be asked by this channel, those asked longest
    ago first; the messages go outside the quiet hours.

    :returns: how many are asked, and how many were passed over for which reason
    """
    actors.require(actor=actor, permission="engagement.change_survey")
    if not survey.is_open:
        raise ValidationError(_("This survey is closed."))
    if channel not in CHANNELS:
        raise ValidationError({"channel": _("There is no such channel.")})
    if not 1 <= limit <= MOST_AT_ONCE:
        raise ValidationError({"limit": _("From 1 to 2,000 at once.")})
    reached = Customer.objects.filter(reach_q(actor=actor), stage__in=RELATIONSHIP)
    rested = reached.exclude(survey_invitations__made_at__gt=at - REST)
    rested = rested.exclude(survey_invitations__survey=survey).order_by("id")
    asked, passed, after = 0, Counter[str](), None
    with transaction.atomic():
        while asked < limit:
            chunk = list((rested.filter(pk__gt=after) if after else rested)[:500])
            if not chunk:
                break
            after = chunk[-1].pk
            answers = may_contact_many(
                customers=chunk, purpose=Purpose.SURVEY, channel=channel, at=at
            )
            chosen = [one for one in chunk if answers[one.pk].allowed][: limit - asked]
            passed.update(
                answers[one.pk].reasons[0].words for one in chunk if not answers[one.pk].allowed
            )
            due = messages.next_moment(at=at, selling=False)
            SurveyInvitation.objects.bulk_create(
                [
                    SurveyInvitation(
                        survey=survey, customer=one, made_at=at, channel=channel, due_at=due,
                        expires_at=due + timedelta(days=survey.days),
                    )
                    for one in chosen
                ],
                ignore_conflicts=True,
            )  # fmt: skip
            asked += len(chosen)
        records.note(
            record=survey, action="invite", actor=actor, at=at,
            payload={"channel": channel, "asked": asked, "passed_over": sum(passed.values())},
        )  # fmt: skip
    return asked, passed


def hand_over(*, survey: Survey, customer: Customer, actor: User, at: datetime) -> SurveyInvitation:
    """
    A link for one customer, handed over in person: who is asked face to face can say no there.

    A customer with a link that is not answered gets that one, for its days anew.

    :raises ValidationError: the survey is closed, it is answered, or the customer is erased
    """
    actors.require(actor=actor, permission="engagement.add_interaction")
    if not survey.is_open:
        raise ValidationError(_("This survey is closed."))
    with transaction.atomic():
        customer = living(customer_id=customer.pk)
        made, _new = SurveyInvitation.objects.select_for_update().get_or_create(
            survey=survey, customer=customer,
            defaults={"made_at": at, "expires_at": at, "due_at": at, "sending": Sending.HANDED},
        )  # fmt: skip
        if made.answered_at is not None:
            raise ValidationError(_("The customer has answered already."))
        made.expires_at = at + timedelta(days=survey.days)
        made.sending = Sending.HANDED
        made.save(update_fields=["expires_at", "sending"])
        records.note(
            record=survey, action="hand_over", actor=actor, at=at,
            payload={"customer_id": str(customer.pk)},
        )  # fmt: skip
    return made


def secret_of(*, invitation: SurveyInvitation) -> str:
    """What stands in the link: the id, signed for surveys alone."""
    return _signer().sign(invitation.pk.hex)


def address_of(*, invitation: SurveyInvitation) -> str:
    """The link itself."""
    path = reverse("survey:answer", args=[secret_of(invitation=invitation)])
    return f"{settings.CLM_PUBLIC_URL.rstrip('/')}{path}"


def invitation_of(*, secret: str, at: datetime) -> SurveyInvitation | None:
    """The invitation of a link, unless it has run out, the survey is closed, or nobody is there."""
    if len(secret) > 200:
        return None
    try:
        key = UUID(_signer().unsign(secret))
    except (BadSignature, ValueError):
        return None
    return (
        SurveyInvitation.objects.filter(
            pk=key, expires_at__gt=at, survey__is_open=True, customer__merged_into=None
        )
        .exclude(customer__stage="ERASED")
        .select_related("survey", "customer__adviser")
        .first()
    )


def answer_survey(*, invitation: SurveyInvitation, score: int, text: str, at: datetime) -> Feedback:
    """
    Take an answer; a link answers once. An unhappy customer's adviser gets a task with a clock.

    :raises ValidationError: outside the scale, too long, or answered already
    """
    text = text.replace("\x00", "").strip()
    low, high = SCALES[Measure(invitation.survey.measure)]
    if not low <= score <= high:
        raise ValidationError({"score": _("Choose one of the numbers.")})
    if len(text) > LONGEST:
        raise ValidationError({"text": _("Write it shorter: at most 4,000 characters.")})
    with transaction.atomic():
        locked = (
            SurveyInvitation.objects.select_for_update(of=("self",))
            .select_related("survey", "customer__adviser")
            .get(pk=invitation.pk)
        )
        if locked.answered_at is not None:
            raise ValidationError(_("This was answered already. Thank you."))
        SurveyInvitation.objects.filter(pk=locked.pk).update(answered_at=at)
        customer = locked.customer
        answer = records.create(
            record=Feedback(
                origin=Origin.SURVEY, survey=locked.survey, invitation=locked, customer=customer,
                measure=locked.survey.measure, score=score, text=text, said_at=at,
            ),
            actor=actors.themself(customer_id=customer.pk),
            at=at,
            payload={
                "customer_id": str(customer.pk), "measure": locked.survey.measure, "score": score,
            },
        )  # fmt: skip
        if answer.band == "bad":
            _call_back(answer, customer, at)
    return answer


def _call_back(answer: Feedback, customer: Customer, at: datetime) -> None:
    """Close the loop: somebody calls who was let down."""
    adviser = customer.adviser
    with override(adviser.language if adviser else settings.LANGUAGE_CODE):
        title = _("Call a customer who was not satisfied")
    work.add_task(
        title=title,
        record=customer,
        assignee=adviser,
        due_at=clocks.add_business_hours(start=at, hours=CALL_WITHIN),
        url=reverse("engagement:answers") + f"?customer={customer.pk}",
        actor=actors.system_user(),
        at=at,
    )


def send_invitation(*, invitation_id: UUID, clock: Clock) -> bool:
    """
    Send one claimed invitation, if it is still to be; whether it went.

    Consent and quiet hours are asked for now, not when the list was made; no lock is held while a
    channel is talked to.
    """
    at = clock()
    waiting = SurveyInvitation.objects.filter(pk=invitation_id, sending=Sending.WAITING)
    one = waiting.select_related("survey", "customer").first()
    if one is None:
        return False
    if not settings.CLM_PUBLIC_URL:
        waiting.update(sending=Sending.FAILED, note="CLM_PUBLIC_URL is not set.")
        return False
    moment = messages.next_moment(at=at, selling=False)
    if moment > at:
        waiting.update(due_at=moment, attempts=0)
        return False
    may = may_contact(customer=one.customer, purpose=Purpose.SURVEY, channel=one.channel, at=at)
    address = reached_at(customer=one.customer, channel=one.channel)
    if not may.allowed or not address or not one.survey.is_open or one.answered_at:
        waiting.update(sending=Sending.SKIPPED, note=may.reason[:300] if not may.allowed else "")
        return False
    language = "da" if one.customer.language == "da" else "en"
    with override(language):
        subject, text = _letter(one)
    parcel = Parcel(one.pk, one.channel, address, subject, text, language, at)
    try:
        messages.send(parcel)
    except Refused as refusal:
        waiting.update(sending=Sending.FAILED, note=str(refusal)[:300])
        return False
    except Unreachable as trouble:
        if one.attempts >= TRIES:
            waiting.update(sending=Sending.FAILED, note=str(trouble)[:300])
        return False
    return bool(waiting.update(sending=Sending.SENT))


def _letter(invitation: SurveyInvitation) -> tuple[str, str]:
    question = invitation.survey.question
    words = _("One question, one minute: %(question)s Answer here: %(link)s")
    return (
        _("May we ask you something?"),
        words % {"question": question, "link": address_of(invitation=invitation)},
    )


def _signer() -> Signer:
    return Signer(salt="engagement.survey", sep=".")
