"""The consent ledger: what the customer agreed to, by which wording, and when that ended."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.ids import uuid7
from customers.models.party import Customer


class Purpose(models.TextChoices):
    SERVICE = "service", _("Service messages")
    MARKETING = "marketing", _("Marketing")
    PROFILING = "profiling", _("Personal offers from own data")
    SURVEY = "survey", _("Surveys")
    OPEN_BANKING = "open_banking", _("Account information from other banks")
    SHARING = "sharing", _("Sharing within the group")


class Channel(models.TextChoices):
    ANY = "any", _("All channels")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    SMS = "sms", _("Text message")
    PUSH = "push", _("Mobile bank")
    POST = "post", _("Letter")
    MEETING = "meeting", _("Meeting")


class Decision(models.TextChoices):
    GIVEN = "given", _("Given")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    OBJECTED = "objected", _("Objected to direct marketing")
    ROBINSON = "robinson", _("On the Robinson list")
    UNLISTED = "unlisted", _("No longer on the Robinson list")


#: What the customer said; the rest is what the Robinson list says of them.
OWN_DECISIONS = (Decision.GIVEN, Decision.WITHDRAWN, Decision.OBJECTED)
LISTINGS = (Decision.ROBINSON, Decision.UNLISTED)


class ConsentEntry(models.Model):
    """One line of the ledger; lines are added, never changed (GDPR art. 7(1): the bank can show the consent)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=14, choices=Purpose.choices)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices)
    source = models.CharField(_("source"), max_length=60)
    wording = models.ForeignKey(
        "customers.ConsentWording", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("wording"),
    )  # fmt: skip
    #: The wording's name, which stays readable by itself.
    wording_version = models.CharField(_("wording’s name"), max_length=40, blank=True)
    language = models.CharField(
        _("language shown"), max_length=2, choices=[("da", _("Danish")), ("en", _("English"))],
        blank=True,
    )  # fmt: skip
    at = models.DateTimeField(_("at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        permissions = [("record_consent", _("Can record a consent"))]
        indexes = [
            models.Index(fields=["customer", "purpose", "-at"], name="consent_latest"),
            models.Index(
                fields=["customer", "-at", "-id"],
                name="consent_listings",
                condition=models.Q(decision__in=[str(one) for one in LISTINGS]),
            ),
        ]
        triggers = [
            # What was agreed to can be shown: no consent without the words of it. Lines from
            # before there were wordings keep the name alone.
            pgtrigger.Protect(
                name="given_names_its_wording",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition(
                    "NEW.decision = 'given' AND (NEW.wording_id IS NULL OR NEW.language = '')"
                ),
            ),
            # A line never changes. Only a merge, which announces itself, moves it to the record
            # of the same customer that stays, and the undoing moves it back.
            pgtrigger.Protect(
                name="append_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["customer"]),
            ),
            pgtrigger.Protect(
                name="moved_by_merge_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "current_setting('clm.merging', true) IS DISTINCT FROM 'on'"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.get_channel_display()}: {self.get_decision_display()}"
