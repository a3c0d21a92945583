"""Records that may be one customer: keys to find them by, pairs to decide, merges and their undoing."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import state_trigger
from clm.core.models import Record
from customers.models.party import Customer
from customers.single_view.lifecycle import UNDECIDED, PairLifecycle, PairState


class MatchKey(models.Model):
    """
    A key under which possible duplicates meet: eight bytes of a keyed hash, telling nothing.

    Made from the customer's facts (`customers.single_view.keys`) and made anew when they change.
    """

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    kind = models.SmallIntegerField(_("kind"))
    key = models.BigIntegerField(_("key"))

    class Meta:
        verbose_name = _("match key")
        verbose_name_plural = _("match keys")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "customer"], name="match_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


class DuplicatePair(PairLifecycle, Record):
    """Two records that may be one customer; `first` has the smaller id, so a pair stands once."""

    first = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    second = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    state_since = models.DateTimeField(_("in this state since"), editable=False)
    score = models.SmallIntegerField(_("score"))
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    facts_digest = models.BinaryField(max_length=32, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        permissions = [("find_duplicates", _("Can search all customers for duplicates"))]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="duplicate_pair_in_order"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-score", "id"],
                name="duplicate_pair_queue",
                condition=Q(state__in=[str(one) for one in UNDECIDED]),
            )
        ]
        triggers = [state_trigger(PairLifecycle, initial={PairState.OPEN})]

    def __str__(self) -> str:
        return f"{self.first} · {self.second}"


class CustomerMerge(Record):
    """
    Two records made one: which stays, which became a pointer to it, and how to take it back.

    `ciphertext` holds what both records said before, encrypted; erasure empties it.
    """

    survivor = models.ForeignKey(Customer, models.PROTECT, related_name="absorbed_in")
    absorbed = models.ForeignKey(Customer, models.PROTECT, related_name="merges")
    pair = models.ForeignKey(
        DuplicatePair, models.PROTECT, null=True, blank=True, related_name="merges"
    )
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("merged by")
    )
    merged_at = models.DateTimeField(_("merged at"))
    fields = models.JSONField(_("fields that changed"), default=list, blank=True)
    moved = models.JSONField(_("what moved"), default=dict, blank=True)
    ciphertext = models.TextField(blank=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("undone by"),
    )  # fmt: skip
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    stayed = models.JSONField(_("what stayed after the undoing"), default=list, blank=True)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        permissions = [("undo_merge", _("Can undo a merge"))]
        constraints = [
            models.UniqueConstraint(
                fields=["absorbed"],
                condition=Q(undone_at__isnull=True),
                name="merge_absorbs_once",
            ),
            models.CheckConstraint(
                condition=~Q(survivor=F("absorbed")), name="merge_is_of_two_records"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.absorbed} → {self.survivor}"


class MergeRow(models.Model):
    """One row that stood with one of the two records when they were merged."""

    class Side(models.TextChoices):
        MOVED = "moved", _("Moved to the survivor")
        LEFT = "left", _("Left with the merged record")
        OWN = "own", _("The survivor's own")

    id = models.BigAutoField(primary_key=True)
    merge = models.ForeignKey(CustomerMerge, models.CASCADE, related_name="rows")
    model = models.CharField(_("model"), max_length=80)
    path = models.CharField(_("reference"), max_length=40)
    row = models.CharField(_("row"), max_length=40)
    side = models.CharField(_("side"), max_length=5, choices=Side.choices)

    class Meta:
        verbose_name = _("row of a merge")
        verbose_name_plural = _("rows of a merge")
        constraints = [
            models.UniqueConstraint(fields=["merge", "model", "path", "row"], name="merge_row_once")
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.row}"
