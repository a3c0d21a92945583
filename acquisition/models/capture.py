"""Forms that leads come in by, what those leads agreed to, and what they did besides."""

import re

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from acquisition.models.campaigns import Campaign, Channel
from acquisition.models.leads import Lead
from clm.core.history import tracked
from clm.core.ids import uuid7
from clm.core.models import Record
from customers.models import Channel as ContactChannel
from customers.models import PartyKind, Purpose

#: A site that may show the form in a frame: scheme and host, a port perhaps, and nothing after.
_ORIGIN = re.compile(
    r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?|http://(localhost|127\.0\.0\.1)(:[0-9]{1,5})?"
)
MOST_ORIGINS = 20


def check_origin(value: str) -> None:
    """:raises ValidationError: no address of a site, or with more than its name"""
    if not _ORIGIN.fullmatch(value):
        raise ValidationError(
            _("A site is written https://www.example.dk, with nothing after its name.")
        )


class TouchKind(models.TextChoices):
    """What somebody did who is a lead, or what the bank did towards them."""

    VISIT = "visit", _("Visited the web site")
    PRODUCT_PAGE = "product_page", _("Read about a product")
    CALCULATOR = "calculator", _("Used a calculator")
    DOWNLOAD = "download", _("Downloaded a brochure")
    AD_CLICK = "ad_click", _("Clicked an advertisement")
    EMAIL_OPEN = "email_open", _("Opened an e-mail")
    EMAIL_CLICK = "email_click", _("Followed a link in an e-mail")
    FORM = "form", _("Filled in the form")
    CALL = "call", _("Spoke on the telephone")
    MEETING = "meeting", _("Had a meeting")
    EVENT = "event", _("Took part in an event")


@tracked(table="acquisition_captureform")
class CaptureForm(Record):
    """
    A public page on which somebody says they are interested; it may stand in a frame on the
    sites that it names and on no other.
    """

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="forms", verbose_name=_("campaign")
    )
    code = models.CharField(
        _("address"),
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", _("Small letters, digits and hyphens."))
        ],
        help_text=_("The end of the page's address: small letters, digits and hyphens."),
    )
    title_da = models.CharField(_("title in Danish"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120)
    intro_da = models.TextField(_("introduction in Danish"), max_length=600, blank=True)
    intro_en = models.TextField(_("introduction in English"), max_length=600, blank=True)
    kind = models.CharField(
        _("asks"), max_length=12, choices=PartyKind.choices, default=PartyKind.PERSON
    )
    product = models.ForeignKey(
        "customers.Product", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("product"), help_text=_("Empty: the visitor chooses."),
    )  # fmt: skip
    branch = models.ForeignKey(
        "core.Branch", models.PROTECT, related_name="+", verbose_name=_("branch"),
        help_text=_("Where its leads go."),
    )  # fmt: skip
    asks_consent = models.BooleanField(_("asks for consent to marketing"), default=True)
    allowed_origins = ArrayField(
        models.CharField(max_length=120, validators=[check_origin]),
        verbose_name=_("sites that may show it"),
        default=list,
        blank=True,
        size=MOST_ORIGINS,
        help_text=_("One a line, as https://www.example.dk; none: it stands on its own page only."),
    )
    is_open = models.BooleanField(_("open"), default=True)

    class Meta:
        verbose_name = _("form")
        verbose_name_plural = _("forms")

    def __str__(self) -> str:
        return self.title_en

    def title_in(self, language: str) -> str:
        return self.title_da if language == "da" else self.title_en

    def intro_in(self, language: str) -> str:
        return self.intro_da if language == "da" else self.intro_en


class LeadConsent(models.Model):
    """What a lead agreed to, by which words; it goes into the customer's ledger with the lead."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lead = models.ForeignKey(Lead, models.PROTECT, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=14, choices=Purpose.choices)
    channel = models.CharField(_("channel"), max_length=8, choices=ContactChannel.choices)
    wording = models.ForeignKey("customers.ConsentWording", models.PROTECT, related_name="+")
    language = models.CharField(_("language shown"), max_length=2)
    source = models.CharField(_("source"), max_length=60)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("consent of a lead")
        verbose_name_plural = _("consents of leads")
        constraints = [
            models.UniqueConstraint(fields=["lead", "purpose", "channel"], name="lead_consent_once")
        ]
        triggers = [pgtrigger.Protect(name="consent_stays", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.get_channel_display()}"


class LeadTouch(models.Model):
    """One thing a lead did, or that was done with them; its capture itself needs no row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lead = models.ForeignKey(Lead, models.PROTECT, related_name="touches")
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("kind"), max_length=12, choices=TouchKind.choices)
    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices)
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="touches", null=True, blank=True,
        verbose_name=_("campaign"),
    )  # fmt: skip
    product = models.ForeignKey(
        "customers.Product", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("product"),
    )  # fmt: skip
    source = models.CharField(_("source"), max_length=60, blank=True)
    external_id = models.CharField(_("id at the source"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("touch")
        verbose_name_plural = _("touches")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="lead_touch_once",
            )
        ]
        indexes = [models.Index(fields=["lead", "at"], name="touch_of_lead")]
        triggers = [pgtrigger.Protect(name="touch_stays", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return str(self.get_kind_display())
