"""May we contact this customer for this purpose by this channel, and if not, why not?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from customers.lifecycle import ENDED, Stage
from customers.models import Channel, ConsentEntry, ContactPoint, Customer, Decision, Purpose

#: Channels that need a prior consent for marketing (markedsføringsloven § 10; forbrugeraftaleloven § 4).
NEEDS_CONSENT = {Channel.EMAIL, Channel.SMS, Channel.PUSH, Channel.PHONE}
_NEEDED_POINT = {Channel.EMAIL: "email", Channel.SMS: "phone", Channel.PHONE: "phone"}


@dataclass(frozen=True)
class Contactability:
    """The answer, with the sentence that explains it."""

    allowed: bool
    reason: str


def may_contact(*, customer: Customer, purpose: str, channel: str, at: datetime) -> Contactability:
    """
    Whether the customer may be contacted; every campaign and offer asks here.

    Service messages need no consent while there is a relationship. Marketing by e-mail, text,
    push or phone needs a consent in force; by letter it is allowed unless the customer objected
    or is on the Robinson list. The other purposes always need a consent.
    """
    if customer.stage in {Stage.ERASED, Stage.UNADMITTED}:
        return Contactability(False, _("The customer is not in service."))
    if customer.stage in ENDED and purpose != Purpose.MARKETING:
        return Contactability(False, _("The relationship has ended."))
    kind = _NEEDED_POINT.get(Channel(channel))
    if kind and not _has_point(customer, kind):
        missing = {
            "email": _("No e-mail address is known."),
            "phone": _("No phone number is known."),
        }
        return Contactability(False, missing[kind])
    if purpose == Purpose.SERVICE:
        return Contactability(True, _("Service messages need no consent."))
    return _by_ledger(customer, purpose, channel, at)


def consents_in_force(*, customer: Customer, at: datetime) -> dict[tuple[str, str], ConsentEntry]:
    """The latest entry of each purpose and channel."""
    latest: dict[tuple[str, str], ConsentEntry] = {}
    for entry in ConsentEntry.objects.filter(customer=customer, at__lte=at).order_by("at", "id"):
        latest[entry.purpose, entry.channel] = entry
    return latest


def _by_ledger(customer: Customer, purpose: str, channel: str, at: datetime) -> Contactability:
    latest = consents_in_force(customer=customer, at=at)
    entry = _newest(latest.get((purpose, one)) for one in (channel, Channel.ANY))
    if entry is not None and entry.decision == Decision.GIVEN:
        return Contactability(True, _("Consent given %(date)s.") % {"date": _day(entry)})
    if entry is not None:
        return Contactability(False, _refusal(entry))
    if purpose == Purpose.MARKETING and channel not in NEEDS_CONSENT:
        return Contactability(True, _("No objection is known."))
    return Contactability(False, _("No consent has been given."))


def _newest(entries: Iterable[ConsentEntry | None]) -> ConsentEntry | None:
    found = [entry for entry in entries if entry is not None]
    return max(found, key=lambda entry: (entry.at, entry.pk), default=None)


def _refusal(entry: ConsentEntry) -> str:
    sentences = {
        Decision.WITHDRAWN: _("Consent withdrawn %(date)s."),
        Decision.OBJECTED: _("Objected to direct marketing %(date)s."),
        Decision.ROBINSON: _("On the Robinson list since %(date)s."),
    }
    return sentences[Decision(entry.decision)] % {"date": _day(entry)}


def _day(entry: ConsentEntry) -> str:
    return formats.date_format(timezone.localtime(entry.at).date(), "DATE_FORMAT")


def _has_point(customer: Customer, kind: str) -> bool:
    return ContactPoint.objects.filter(customer=customer, kind=kind, valid_to=None).exists()
