"""What transactions and accounts at other banks tell the kit."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core import crypto, lifecycle, partitions, registries
from clm.core.web import transitions
from customers import models
from customers.selectors import transactions as selectors
from customers.services.ledger import TABLE
from customers.services.transactions import PARKED_CONTEXT
from customers.transactions import job as _kinds_of_job  # noqa: F401 (registers them)

# An account that both records have read is one account: the other record keeps its own row.
HANDLERS = (
    registries.MergeHandler(models.Transaction, follows="holding"),
    registries.MergeHandler(models.AccountConsent),
    registries.MergeHandler(models.OtherAccount, clash="stay", follows="consent"),
)
PERSONAL_DATA = (
    registries.PersonalData(
        models.Transaction,
        _("Business with the bank"),
        [
            "booked_on", "valued_on", "amount", "currency", "kind", "text", "counterparty_name",
            "counterparty_account", "counterparty_country", "source",
        ],
        retention="transactions",
        own="*",
        blank={
            "text": "", "counterparty_name": "", "counterparty_account": "",
            "counterparty_index": None, "counterparty_country": "",
        },
    ),
    registries.PersonalData(
        models.AccountConsent,
        _("Consents"),
        ["scopes", "asked_on", "valid_until", "state", "ended_by", "fetched_at"],
        retention="consents",
        blank={"external_id": "", "authorise_url": "", "trouble": ""},
        own="*",
    ),
    registries.PersonalData(
        models.OtherAccount,
        _("Accounts with other banks"),
        ["masked", "name", "currency", "balance", "balance_on"],
        blank={"resource_id": "", "masked": "—", "name": "", "balance": None, "balance_on": None},
        own="*",
    ),
)  # fmt: skip


def register() -> None:
    """Called once, after the customers' own registrations."""
    lifecycle.register(models.AccountConsent)
    crypto.register_encrypted(models.ParkedTransaction, "content", PARKED_CONTEXT)
    partitions.register_by_time(TABLE, "booked_on")
    for handler in HANDLERS:
        registries.merge_handlers.register(handler)
    for entry in PERSONAL_DATA:
        registries.personal_data.register(entry)
    transitions.register(
        models.AccountConsent,
        selector=selectors.visible_account_consents,
        url=lambda consent: (
            f"{reverse('customers:customer', args=[consent.customer_id])}?tab=holdings#elsewhere"
        ),
    )
