"""What reports tell the rest of the house: how they are erased, and nothing else."""

from django.utils.translation import gettext_lazy as _

from clm.core import audit, crypto, events, lifecycle, registries

# As due diligence: five years after the relationship (hvidvaskloven § 30).
_RETENTION = "due-diligence"


def register() -> None:
    """Called once, with kyc's other registrations."""
    from kyc.models import SuspicionGrant, SuspicionReport, SuspicionWords
    from kyc.suspicion import chain, selectors, services

    lifecycle.register(SuspicionReport, facts=selectors.report_facts)
    events.keep_apart(record_type=SuspicionReport._meta.label, journal=chain.append)
    audit.keep_apart(audit.Apart(seal=chain.seal, whole=chain.whole))
    crypto.register_encrypted(SuspicionReport, "document", services.CONTEXT)
    for model, path, blank in (
        (
            SuspicionReport,
            "customer",
            {"reason": "", "action": "", "document": "", "transactions": [], "rates": {}},
        ),
        (SuspicionGrant, "report__customer", {"reason": "—"}),
        (SuspicionWords, "entry__report__customer", {"content": {}}),
    ):
        registries.personal_data.register(
            registries.PersonalData(
                model,
                _("Due diligence"),
                [],
                customer_path=path,
                retention=_RETENTION,
                blank=blank,
                secret=True,
            )
        )
    # A merge lists what it moved and leaves an event on each: reports stay where they are, and
    # are found through the record that theirs became.
    registries.merge_handlers.register(registries.MergeHandler(SuspicionReport, stays=True))
