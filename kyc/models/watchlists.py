"""Lists of people, organisations and ships to be known, in versions."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clm.core import sayings
from clm.core.ids import uuid7
from clm.core.models import Record


class EntryKind(models.TextChoices):
    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")
    VESSEL = "vessel", _("Vessel")
    AIRCRAFT = "aircraft", _("Aircraft")
    UNKNOWN = "", _("Unknown")


class EntryGender(models.TextChoices):
    MALE = "male", _("Male")
    FEMALE = "female", _("Female")
    UNKNOWN = "", _("Unknown")


class VersionState(models.TextChoices):
    IN_FORCE = "in_force", _("In force")
    HELD = "held", _("Held back")
    PAST = "past", _("Past")


class Watchlist(Record):
    """A list under a name of its own, read from one format."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    format = models.CharField(_("format"), max_length=40)

    class Meta:
        verbose_name = _("watchlist")
        verbose_name_plural = _("watchlists")
        permissions = [
            ("accept_watchlist", _("Can accept a held-back list")),
            ("import_watchlist", _("Can import a list")),
            ("screen_name", _("Can screen a name")),
        ]

    def __str__(self) -> str:
        return self.name


class WatchlistVersion(Record):
    """
    One load of a list and what it changed.

    At most one is in force; one that is held back has changed nothing yet and waits, with its
    file, for a person.
    """

    watchlist = models.ForeignKey(Watchlist, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    standing = models.CharField(_("standing"), max_length=8, choices=VersionState.choices)
    loaded_at = models.DateTimeField(_("loaded at"))
    # When the list says of itself that it was made; many do not say.
    dated_at = models.DateTimeField(_("dated"), null=True, blank=True)
    entries = models.PositiveIntegerField(_("entries"), default=0)
    names = models.PositiveIntegerField(_("names"), default=0)
    added = models.PositiveIntegerField(_("added"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    removed = models.PositiveIntegerField(_("removed"), default=0)
    orphans = models.PositiveIntegerField(_("aliases and addresses without an entry"), default=0)
    ended = models.BooleanField(_("ends with the end mark"), default=False)
    digest = models.CharField(max_length=64)
    # As `clm.core.sayings` keeps sentences.
    doubts = models.JSONField(_("held back because"), default=list, blank=True, editable=False)
    file = models.CharField(max_length=120, blank=True, editable=False)
    # By this the same file is known again while its version is held back.
    file_digest = models.CharField(max_length=64, blank=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("accepted by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("version of a watchlist")
        verbose_name_plural = _("versions of watchlists")
        constraints = [
            models.UniqueConstraint(fields=["watchlist", "number"], name="watchlist_version_once"),
            models.UniqueConstraint(
                fields=["watchlist"],
                condition=Q(standing="in_force"),
                name="watchlist_one_in_force",
            ),
        ]
        ordering = ["-loaded_at"]

    def __str__(self) -> str:
        return f"{self.watchlist} {self.number}"

    @property
    def held_because(self) -> str:
        """Why it is held back, in the reader's language."""
        return sayings.told(self.doubts)


class WatchlistEntry(models.Model):
    """One listed party as the newest version that has it states it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    watchlist = models.ForeignKey(Watchlist, models.PROTECT, related_name="entries")
    key = models.CharField(_("the list's own id"), max_length=255)
    kind = models.CharField(_("kind"), max_length=12, choices=EntryKind.choices, blank=True)
    births = models.JSONField(_("born"), default=list)  # [{"first", "last", "circa"}] in ISO dates
    birth_places = models.JSONField(_("birth places"), default=list)
    nationalities = ArrayField(models.CharField(max_length=2), default=list)
    countries = ArrayField(models.CharField(max_length=2), default=list)
    programmes = models.JSONField(_("programmes"), default=list)
    identifiers = models.JSONField(_("identifiers"), default=list)
    gender = models.CharField(_("gender"), max_length=6, choices=EntryGender.choices, blank=True)
    remarks = models.TextField(_("remarks"), blank=True)
    digest = models.CharField(max_length=64)
    added_in = models.ForeignKey(WatchlistVersion, models.PROTECT, related_name="added_entries")
    changed_in = models.ForeignKey(WatchlistVersion, models.PROTECT, related_name="changed_entries")
    removed_in = models.ForeignKey(
        WatchlistVersion, models.PROTECT, null=True, related_name="removed_entries"
    )

    class Meta:
        verbose_name = _("entry of a watchlist")
        verbose_name_plural = _("entries of watchlists")
        constraints = [
            models.UniqueConstraint(fields=["watchlist", "key"], name="watchlist_entry_once")
        ]

    def __str__(self) -> str:
        return self.key


class WatchlistName(models.Model):
    """A name of an entry; a weak alias is too common to carry a match alone."""

    entry = models.ForeignKey(WatchlistEntry, models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=500)
    primary = models.BooleanField(_("main name"), default=False)
    weak = models.BooleanField(_("weak alias"), default=False)

    class Meta:
        verbose_name = _("listed name")
        verbose_name_plural = _("listed names")
        ordering = ["-primary", "weak", "id"]

    def __str__(self) -> str:
        return self.name
