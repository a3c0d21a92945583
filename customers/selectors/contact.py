"""May we contact this customer for this purpose by this channel, and if not, why not?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from customers.consent.law import channel_rule, source_of
from customers.lifecycle import ENDED, Stage
from customers.models import (
    LISTINGS,
    OWN_DECISIONS,
    Channel,
    ConsentEntry,
    ContactPoint,
    Customer,
    Decision,
    PartyKind,
    Purpose,
)

#: What a customer is asked channel by channel; the other purposes are one choice.
_ASKED_BY_CHANNEL: Mapping[str, tuple[Channel, ...]] = {
    Purpose.MARKETING: (
        Channel.EMAIL, Channel.SMS, Channel.PHONE, Channel.PUSH, Channel.POST,
    ),
}  # fmt: skip
_NEEDED_POINT = {Channel.EMAIL: "email", Channel.SMS: "phone", Channel.PHONE: "phone"}


@dataclass(frozen=True)
class Reason:
    """One reason in words, with the article where the law is the reason."""

    code: str
    words: str
    source: str = ""

    def __str__(self) -> str:
        return f"{self.words} ({self.source})." if self.source else f"{self.words}."


@dataclass(frozen=True)
class Contactability:
    """The answer, with every reason for it: what allows, or all that refuses."""

    allowed: bool
    reasons: tuple[Reason, ...]

    @property
    def reason(self) -> str:
        """All the reasons as sentences."""
        return " ".join(str(one) for one in self.reasons)


@dataclass(frozen=True)
class OwnAnswer:
    """
    How one choice stands, for the customer whose it is.

    :param yes: the bank may; a yes that was said, or no no where none is needed
    :param said_at: when the customer said so; None where they said nothing
    :param listed: the Robinson list says no for them, who said nothing here
    :param no: what the ledger calls it when they say no now
    """

    purpose: Purpose
    channel: Channel
    yes: bool
    said_at: datetime | None
    listed: bool
    no: Decision


@dataclass(frozen=True)
class _Known:
    """What is known of one customer: lines of the ledger, and kinds of contact points."""

    customer: Customer
    lines: Sequence[ConsentEntry]
    points: frozenset[str]


def may_contact(*, customer: Customer, purpose: str, channel: str, at: datetime) -> Contactability:
    """
    Whether the customer may be contacted; every campaign, offer and survey asks here.

    Service messages need no consent while there is a relationship. Marketing by e-mail, text,
    push or phone needs a consent in force; by letter it is allowed unless the customer objected
    or is on the Robinson list and has not asked the bank for it. The other purposes always need
    a consent. An objection to direct marketing goes before every older consent to it, personal
    offers included, until the customer consents again.
    """
    found = may_contact_many(customers=[customer], purpose=purpose, channel=channel, at=at)
    return found[customer.pk]


def may_contact_many(
    *, customers: Sequence[Customer], purpose: str, channel: str, at: datetime
) -> dict[UUID, Contactability]:
    """The same answer for many customers, by id, in two statements."""
    return {one.customer.pk: _answer(one, purpose, channel, at) for one in _known_of(customers, at)}


def may_contact_somebody(
    *,
    kind: str,
    lines: Sequence[ConsentEntry],
    points: Iterable[str],
    purpose: str,
    channel: str,
    at: datetime,
) -> Contactability:
    """
    The same answer for somebody who is no customer yet, by what they have said so far.

    :param lines: as the ledger would have them; none of them is stored
    :param points: `email` and `phone`, as far as they are known
    """
    somebody = Customer(kind=kind, stage=Stage.PROSPECT)
    return _answer(_Known(somebody, lines, frozenset(points)), purpose, channel, at)


def contact_answers(
    *, customer: Customer, purposes: Iterable[str], channels: Sequence[str], at: datetime
) -> dict[tuple[str, str], Contactability]:
    """The same answer for every purpose by every channel, in two statements."""
    (known,) = _known_of([customer], at)
    return {
        (str(purpose), str(channel)): _answer(known, purpose, channel, at)
        for purpose in purposes
        for channel in channels
    }


def consents_in_force(*, customer: Customer, at: datetime) -> list[ConsentEntry]:
    """The consents that stand: given, and not taken back or objected to since, the newest first."""
    return _standing([line for line in customer.consents.all() if line.at <= at])


def own_answers(
    *, customer: Customer, purposes: Iterable[Purpose], at: datetime
) -> list[OwnAnswer]:
    """
    Every choice the customer has for the purposes, and how it stands, in two statements.

    Where a purpose is one choice, it is a yes as long as any consent to it stands.
    """
    (known,) = _known_of([customer], at)
    return [
        _own_answer(known, purpose, channel, at)
        for purpose in purposes
        for channel in _ASKED_BY_CHANNEL.get(purpose, (Channel.ANY,))
    ]


def _own_answer(known: _Known, purpose: Purpose, channel: Channel, at: datetime) -> OwnAnswer:
    said = last_said(lines=known.lines, purpose=purpose, channel=channel)
    rule = channel_rule(country=settings.CLM_COUNTRY, channel=channel, on=timezone.localdate(at))
    # What needs no consent comes until somebody says no, here or on the Robinson list.
    unasked = purpose == Purpose.MARKETING and not rule.needs_consent
    listed = False
    if channel == Channel.ANY:
        standing = [one for one in _standing(known.lines) if one.purpose == purpose]
        said = standing[0] if standing else said
        yes = bool(standing)
    elif said is None and unasked:
        answer = _answer(known, purpose, channel, at)
        yes, listed = answer.allowed, any(one.code == "robinson" for one in answer.reasons)
    else:
        yes = said is not None and said.decision == Decision.GIVEN
    no = Decision.OBJECTED if unasked else Decision.WITHDRAWN
    return OwnAnswer(purpose, channel, yes, said.at if said else None, listed, no)


def _standing(lines: Sequence[ConsentEntry]) -> list[ConsentEntry]:
    given = {(one.purpose, one.channel) for one in lines if one.decision == Decision.GIVEN}
    last = [last_said(lines=lines, purpose=purpose, channel=channel, exactly=True)
            for purpose, channel in given]  # fmt: skip
    standing = [one for one in last if one is not None and one.decision == Decision.GIVEN]
    return sorted(standing, key=_order, reverse=True)


def last_said(
    *, lines: Iterable[ConsentEntry], purpose: str, channel: str, exactly: bool = False
) -> ConsentEntry | None:
    """
    What the customer said last that counts for a purpose by a channel; for all channels, by any.

    :param exactly: for all channels, what was said of one of them alone does not count
    """
    every = channel == Channel.ANY and not exactly
    return _newest(
        line
        for line in lines
        if line.decision in OWN_DECISIONS
        and (every or line.channel in (channel, Channel.ANY))
        and (line.purpose == purpose or reaches(line, purpose))
    )


def reached_at(*, customer: Customer, channel: str) -> str:
    """The address or number that this channel takes: the newest one in use; empty without any."""
    kind = _NEEDED_POINT[Channel(channel)]
    points = [one for one in customer.contact_points.all() if one.kind == kind and not one.valid_to]
    return max(points, key=lambda one: (one.valid_from, one.pk)).value if points else ""


def _known_of(customers: Sequence[Customer], at: datetime) -> list[_Known]:
    if len(customers) == 1:
        # One customer's page holds these rows already, or they are read here.
        lines_of = [line for line in customers[0].consents.all() if line.at <= at]
        held_by = [one.kind for one in customers[0].contact_points.all() if one.valid_to is None]
        return [_Known(customers[0], lines_of, frozenset(held_by))]
    ids = [one.pk for one in customers]
    lines: Mapping[UUID, list[ConsentEntry]] = defaultdict(list)
    for line in ConsentEntry.objects.filter(customer_id__in=ids, at__lte=at):
        lines[line.customer_id].append(line)
    points: Mapping[UUID, set[str]] = defaultdict(set)
    held = ContactPoint.objects.filter(customer_id__in=ids, valid_to=None)
    for customer_id, kind in held.values_list("customer_id", "kind"):
        points[customer_id].add(kind)
    return [_Known(one, lines[one.pk], frozenset(points[one.pk])) for one in customers]


def _answer(known: _Known, purpose: str, channel: str, at: datetime) -> Contactability:
    refusals = [*_by_record(known, purpose, Channel(channel))]
    on = timezone.localdate(at)
    grounds: list[Reason] = []
    if purpose == Purpose.SERVICE:
        grounds.append(_reason("service", _("Service messages need no consent"), on))
    else:
        grounds, refused = _by_ledger(known, purpose, channel, on)
        refusals += refused
    return Contactability(not refusals, tuple(refusals or grounds))


def _by_record(known: _Known, purpose: str, channel: Channel) -> Iterable[Reason]:
    stage = known.customer.stage
    if stage in {Stage.ERASED, Stage.UNADMITTED}:
        yield Reason("not-in-service", _("The customer is not in service"))
    elif stage in ENDED and purpose != Purpose.MARKETING:
        yield Reason("relationship-ended", _("The relationship has ended"))
    kind = _NEEDED_POINT.get(channel)
    if kind and kind not in known.points:
        missing = {
            "email": _("No e-mail address is known"),
            "phone": _("No phone number is known"),
        }
        yield Reason(f"no-{kind}", missing[kind])


def _by_ledger(
    known: _Known, purpose: str, channel: str, on: date
) -> tuple[list[Reason], list[Reason]]:
    """What the ledger allows, and what it refuses."""
    said = last_said(lines=known.lines, purpose=purpose, channel=channel)
    if said is not None and said.decision == Decision.GIVEN:
        return [_reason("given", _("Consent given %(date)s"), on, said)], []
    rule = channel_rule(country=settings.CLM_COUNTRY, channel=channel, on=on)
    refusals = [_refusal(said, on)] if said is not None else []
    if purpose != Purpose.MARKETING:
        return [], refusals or [_reason("not-given", _("No consent has been given"), on)]
    if not refusals and rule.needs_consent:
        refusals.append(Reason("not-given", _("No consent has been given"), rule.source))
    # The list holds natural persons; who has asked for the letters gets them all the same.
    listed = _newest(line for line in known.lines if line.decision in LISTINGS)
    on_list = listed is not None and listed.decision == Decision.ROBINSON
    if listed and on_list and rule.robinson and known.customer.kind == PartyKind.PERSON:
        words = _("On the Robinson list since %(date)s") % {"date": _day(listed)}
        refusals.append(Reason("robinson", words, rule.robinson))
    return [Reason("no-objection", _("No objection is known"), rule.source)], refusals


def reaches(line: ConsentEntry, purpose: str) -> bool:
    """An objection to direct marketing holds for the profiling behind it as well (art. 21(2))."""
    return (
        purpose == Purpose.PROFILING
        and line.purpose == Purpose.MARKETING
        and line.decision == Decision.OBJECTED
    )


def _newest(lines: Iterable[ConsentEntry]) -> ConsentEntry | None:
    return max(lines, key=_order, default=None)


def _order(line: ConsentEntry) -> tuple[datetime, bool, UUID]:
    """By time; of what was said at one instant a no goes before a yes."""
    return line.at, line.decision != Decision.GIVEN, line.pk


def _refusal(line: ConsentEntry, on: date) -> Reason:
    if line.decision == Decision.OBJECTED:
        return _reason("objected", _("Objected to direct marketing %(date)s"), on, line)
    return _reason("withdrawn", _("Consent withdrawn %(date)s"), on, line)


def _reason(code: str, words: str, on: date, line: ConsentEntry | None = None) -> Reason:
    source = source_of(about=code, country=settings.CLM_COUNTRY, on=on)
    return Reason(code, words % {"date": _day(line)} if line else words, source)


def _day(entry: ConsentEntry) -> str:
    danish = (get_language() or "").startswith("da")
    return formats.date_format(
        timezone.localtime(entry.at).date(), "DATE_FORMAT" if danish else "j F Y"
    )
