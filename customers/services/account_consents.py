"""Consents to read accounts at other banks: asked for, withdrawn, at their end."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, lifecycle, records, work
from clm.core.models import User
from customers.account_lifecycle import MAX_DAYS, RUNNING
from customers.models import AccountConsent, AccountScope, Customer, OtherBank


def ask_account_consent(
    *,
    customer: Customer,
    bank: OtherBank,
    actor: User,
    at: datetime,
    days: int = MAX_DAYS,
    scopes: Sequence[str] = (),
) -> AccountConsent:
    """
    Begin a consent: the other bank is asked next, then the customer authorises it over there.

    :param scopes: what it covers; everything when empty
    :raises PermissionDenied: `actor` may not ask
    :raises ValidationError: too long, an unknown scope, or one is running with this bank
    """
    if not actors.may(actor=actor, permission="customers.add_accountconsent"):
        raise PermissionDenied(_("You may not ask for this consent."))
    wanted = [one for one in AccountScope.values if not scopes or one in scopes]
    if set(scopes) - set(AccountScope.values):
        raise ValidationError({"scopes": _("There is no such scope.")})
    if AccountScope.ACCOUNTS not in wanted:
        raise ValidationError({"scopes": _("Without the accounts there is nothing to read.")})
    if not 1 <= days <= MAX_DAYS:
        raise ValidationError(
            {"days": _("A consent lasts 1 to %(most)d days.") % {"most": MAX_DAYS}}
        )
    if not bank.is_open:
        raise ValidationError({"bank": _("This bank’s accounts cannot be read now.")})
    today = timezone.localdate(at)
    with transaction.atomic():
        # The customer's row stands for all their consents: of two that ask at once one waits.
        locked = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
        running = AccountConsent.objects.filter(customer=locked, bank=bank, state__in=RUNNING)
        if running.exists():
            raise ValidationError({"bank": _("A consent with this bank is running already.")})
        consent = records.create(
            record=AccountConsent(
                customer=locked,
                bank=bank,
                scopes=wanted,
                asked_on=today,
                valid_until=today + timedelta(days=days),
                asked_by=actor,
                call_at=at,
            ),
            actor=actor,
            at=at,
            payload={"customer_id": str(locked.pk), "bank": bank.code},
        )
        tell_on_chain(consent=consent, actor=actor, at=at)
        return consent


def revoke_account_consent(
    *,
    consent: AccountConsent,
    by: str,
    actor: User,
    at: datetime,
    reason: str,
    version: int | None = None,
) -> AccountConsent:
    """
    Withdraw a consent; nothing is read from now on, and the other bank is told.

    :param by: `customer`, `us` or `them`
    :raises TransitionRefused: it is at its end already
    """
    ended = dict(AccountConsent._meta.get_field("ended_by").flatchoices)
    if by not in ended:
        raise ValidationError({"by": _("Say who withdraws it.")})
    with transaction.atomic():
        done = lifecycle.perform(
            record=consent,
            name="revoke",
            actor=actor,
            at=at,
            reason=reason,
            version=version,
            changes={
                "ended_by": by,
                # What they ended themselves, or never heard of, they need not be told.
                "call_at": at if consent.external_id and by != "them" else None,
                "lease_until": None,
                "attempts": 0,
                "trouble": "",
            },
        )
        tell_on_chain(consent=done, actor=actor, at=at)
        if by == "them":
            notify(consent=done, at=at)
        return done


def expire_account_consents(*, at: datetime, limit: int = 500) -> int:
    """End consents whose last day has passed, and tell the adviser; how many."""
    over = list(
        AccountConsent.objects.filter(
            state__in=RUNNING, valid_until__lt=timezone.localdate(at)
        ).order_by("valid_until", "id")[:limit]
    )
    for consent in over:
        expire(consent=consent, at=at)
    return len(over)


def expire(*, consent: AccountConsent, at: datetime) -> AccountConsent:
    """End one consent because its time is over; ended already is no change."""
    with transaction.atomic():
        locked = AccountConsent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
        if locked.state not in RUNNING:
            return locked
        done = lifecycle.perform(
            record=locked,
            name="expire",
            actor=actors.system_user(),
            at=at,
            changes={"call_at": None, "lease_until": None, "trouble": ""},
        )
        tell_on_chain(consent=done, actor=actors.system_user(), at=at)
        notify(consent=done, at=at)
        return done


def notify(*, consent: AccountConsent, at: datetime) -> None:
    """Give the adviser a task: reading has stopped, and only the customer can let it go on."""
    title = _("%(bank)s: the consent to read accounts has ended (%(state)s)") % {
        "bank": consent.bank,
        "state": consent.get_state_display(),
    }
    _add_task(consent, title, at)


def notify_trouble(*, consent: AccountConsent, sentence: str, at: datetime) -> None:
    """Give the adviser a task: the other bank keeps failing to answer."""
    title = _("%(bank)s: the accounts cannot be read. %(why)s") % {
        "bank": consent.bank,
        "why": sentence,
    }
    _add_task(consent, title, at)


def _add_task(consent: AccountConsent, title: str, at: datetime) -> None:
    customer = Customer.objects.select_related("adviser").get(pk=consent.customer_id)
    work.add_task(
        title=title[:200],
        record=customer,
        assignee=customer.adviser,
        due_at=at + timedelta(days=7),
        actor=actors.system_user(),
        at=at,
        url=page_of(consent=consent),
    )


def page_of(*, consent: AccountConsent) -> str:
    """Where the consent stands on the customer's page."""
    return f"{reverse('customers:customer', args=[consent.customer_id])}?tab=holdings#elsewhere"


def tell_on_chain(*, consent: AccountConsent, actor: User, at: datetime) -> None:
    """Note on the customer's own chain what became of a consent."""
    records.note(
        record=Customer.objects.get(pk=consent.customer_id),
        action="account_consent",
        actor=actor,
        at=at,
        payload={
            "consent_id": str(consent.pk),
            "bank": consent.bank.code,
            "state": str(consent.state),
        },
    )
