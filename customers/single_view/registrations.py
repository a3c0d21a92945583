"""What the single customer view tells the kit: machines, merge handlers, personal data, pages."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core import crypto, lifecycle, registries
from clm.core.web import menu, transitions
from customers import models
from customers.selectors import duplicates
from customers.selectors.golden import visible_rules
from customers.services.merge import MERGE_CONTEXT
from customers.single_view import job as _kinds_of_job  # noqa: F401 (registers them)
from customers.single_view.payloads import PAYLOAD_CONTEXT
from customers.web import duplicates as pages

#: How the customers' own models follow a merge; what is not named moves and has its own life.
HANDLERS = (
    registries.MergeHandler(models.ContactPoint, clash="stay", exact=True),
    registries.MergeHandler(models.Address, clash="stay", exact=True),
    registries.MergeHandler(models.Identifier, exact=True),
    registries.MergeHandler(models.SourceRecord, exact=True),
    registries.MergeHandler(models.CustomerInsight, stays=True),
    registries.MergeHandler(models.MatchKey, stays=True),
    registries.MergeHandler(models.DuplicatePair, stays=True),
    registries.MergeHandler(models.CustomerMerge, stays=True),
)
PERSONAL_DATA = (
    registries.PersonalData(models.MatchKey, _("What was computed"), ["kind"]),
    registries.PersonalData(
        models.DuplicatePair,
        _("What was computed"),
        ["score", "reasons", "decided_at"],
        customer_path="first",
        also=["second"],
        blank={"reasons": []},
    ),
    registries.PersonalData(
        models.CustomerMerge,
        _("Where data came from"),
        ["merged_at", "undone_at"],
        customer_path="survivor",
        also=["absorbed"],
        blank={"ciphertext": ""},
    ),
)


def register() -> None:
    """Called once, after the customers' own registrations."""
    lifecycle.register(models.DuplicatePair, facts=duplicates.pair_facts)
    lifecycle.register(models.SurvivorshipRules)
    crypto.register_encrypted(models.SourceRecord, "ciphertext", PAYLOAD_CONTEXT)
    crypto.register_encrypted(models.CustomerMerge, "ciphertext", MERGE_CONTEXT)
    for handler in HANDLERS:
        registries.merge_handlers.register(handler)
    for entry in PERSONAL_DATA:
        registries.personal_data.register(entry)
    transitions.register(
        models.DuplicatePair,
        selector=duplicates.visible_pairs,
        url=lambda pair: reverse("customers:duplicate", args=[pair.pk]),
    )
    transitions.register(
        models.SurvivorshipRules,
        selector=visible_rules,
        url=lambda _rules: reverse("customers:survivorship"),
    )
    menu.register(
        menu.MenuItem(
            "duplicates", _("Duplicates"), "users", "customers:duplicates", group="home",
            permission="customers.view_duplicatepair", badge=pages.waiting, order=15,
        )
    )  # fmt: skip
