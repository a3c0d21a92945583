"""Papers that customers hand in: passports, payslips, articles of association."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import state_trigger
from clm.core.models import Record
from customers.document_lifecycle import DocumentLifecycle, DocumentState
from customers.models.party import Customer


class DocumentKind(models.TextChoices):
    PASSPORT = "passport", _("Passport")
    IDENTITY_CARD = "identity_card", _("Identity card")
    DRIVING_LICENCE = "driving_licence", _("Driving licence")
    RESIDENCE_PERMIT = "residence_permit", _("Residence permit")
    ADDRESS = "address", _("Proof of address")
    INCOME = "income", _("Payslip or other proof of income")
    FUNDS = "funds", _("Proof of where funds come from")
    TAX = "tax", _("Tax document")
    GUARDIANSHIP = "guardianship", _("Proof of guardianship")
    POWER_OF_ATTORNEY = "power_of_attorney", _("Power of attorney")
    REGISTRATION = "registration", _("Company registration")
    ARTICLES = "articles", _("Articles of association")
    OWNERSHIP = "ownership", _("Owners and structure")
    OTHER = "other", _("Other document")


#: Papers that say until when they are good.
EXPIRING = frozenset(
    {
        DocumentKind.PASSPORT,
        DocumentKind.IDENTITY_CARD,
        DocumentKind.DRIVING_LICENCE,
        DocumentKind.RESIDENCE_PERMIT,
    }
)
#: Papers with a machine-readable zone (ICAO Doc 9303).
WITH_ZONE = frozenset(
    {DocumentKind.PASSPORT, DocumentKind.IDENTITY_CARD, DocumentKind.RESIDENCE_PERMIT}
)


class Document(DocumentLifecycle, Record):
    """
    One paper: asked for, handed in, or both. Its file lies encrypted in `clm.core.files`.

    Of a machine-readable zone that was read there stays what is needed: the issuer, the end of
    the number, and what of it is not as the record says.
    """

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="documents", verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind.choices)
    note = models.CharField(_("what is asked for"), max_length=300, blank=True)
    # The rejected one in whose place this is asked for; why, its event says.
    again_of = models.OneToOneField(
        "self", models.PROTECT, related_name="asked_again", null=True, blank=True, editable=False
    )
    file = models.CharField(max_length=80, blank=True, editable=False)
    content_type = models.CharField(_("file type"), max_length=40, blank=True, editable=False)
    size = models.PositiveIntegerField(_("bytes"), null=True, blank=True, editable=False)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True, editable=False)
    # Of the bytes that were sent, under a key: equal files meet.
    digest = models.BinaryField(max_length=32, null=True, blank=True, editable=False)
    issuer = models.CharField(_("issued by"), max_length=3, blank=True, editable=False)
    number_end = models.CharField(_("number ends in"), max_length=4, blank=True, editable=False)
    zone_differs = ArrayField(
        models.CharField(
            max_length=12,
            choices=[
                ("name", _("name")),
                ("born_on", _("date of birth")),
            ],
        ),
        verbose_name=_("differs from the record"),
        null=True,
        blank=True,
        editable=False,
    )
    expires_on = models.DateField(_("expires"), null=True, blank=True)
    expiry_told_on = models.DateField(null=True, blank=True, editable=False)
    state_since = models.DateTimeField(_("in this state since"), null=True, editable=False)
    uploaded_at = models.DateTimeField(_("handed in"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("open_document", "Can open the file of a document")]
        constraints = [
            # What was erased has no file any more, but its digest is gone as well.
            models.CheckConstraint(
                name="document_file_has_its_facts",
                condition=Q(file="") | Q(digest__isnull=False, uploaded_at__isnull=False),
            )
        ]
        indexes = [
            models.Index(fields=["customer", "state"], name="document_customer"),
            models.Index(
                fields=["digest"], name="document_digest", condition=Q(digest__isnull=False)
            ),
            models.Index(
                fields=["expires_on"],
                name="document_expiry",
                condition=Q(state=DocumentState.ACCEPTED),
            ),
        ]
        triggers = [state_trigger(DocumentLifecycle, initial={DocumentState.REQUESTED})]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def file_name(self) -> str:
        """A name of the server's making for its file."""
        suffix = "pdf" if self.content_type == "application/pdf" else "jpg"
        day = f"{self.uploaded_at:%Y-%m-%d}" if self.uploaded_at else "document"
        return f"{self.kind}-{day}-{self.pk.hex[-6:]}.{suffix}"

    @property
    def must_expire(self) -> bool:
        return self.kind in EXPIRING
