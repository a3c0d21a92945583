"""What customers tells the kit: machines, encrypted columns, personal data, panels, search, menu."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core import crypto, lifecycle, registries
from clm.core.web import menu, transitions
from customers import models, selectors
from customers.consent import job as _robinson  # noqa: F401 (registers its kind of job)
from customers.exports import job as _exports  # noqa: F401 (registers its kind of job)
from customers.imports import job as _imports  # noqa: F401 (registers its kinds of job)
from customers.privacy import job as _privacy  # noqa: F401 (registers its kind of job)
from customers.selectors.search import SEARCH_CONTEXT
from customers.services.documents import ask_again
from customers.services.drafts import IDENTIFIER_CONTEXT
from customers.services.wordings import replace_wording
from customers.single_view import registrations as single_view
from customers.transactions import registrations as money
from customers.web import document_timeline, laws, panels, products, relations, timeline, wordings
from customers.web.mypage import registrations as mypage
from customers.web.search import command_menu


def register() -> None:
    """Called once by the app's config."""
    lifecycle.register(models.Customer, field="stage", facts=selectors.customer_facts)
    lifecycle.register(models.Offer)
    lifecycle.register(models.ImportBatch)
    lifecycle.register(models.ConsentWording, beside={"approve": replace_wording})
    lifecycle.register(
        models.Document, facts=selectors.document_facts, beside={"reject": ask_again}
    )
    crypto.register_encrypted(models.Identifier, "ciphertext", IDENTIFIER_CONTEXT)
    crypto.register_encrypted(models.CustomerSearch, "ciphertext", SEARCH_CONTEXT)
    _personal_data()
    _pages()
    single_view.register()
    money.register()


def _personal_data() -> None:
    for entry in PERSONAL_DATA:
        registries.personal_data.register(entry)
    registries.merge_handlers.register(registries.MergeHandler(models.Customer, customer_path=""))
    registries.merge_handlers.register(_RELATIONS)
    registries.merge_handlers.register(_MARKS)
    for model in REFERRING:
        registries.merge_handlers.register(registries.MergeHandler(model))


# Both records may stand on the same list; one mark is enough.
_MARKS = registries.MergeHandler(models.RobinsonMark, clash="stay")
# Where a merge finds the same relation at the survivor, the other record keeps its own.
_RELATIONS = registries.MergeHandler(models.Relation, clash="stay")
REFERRING = (
    models.Holding,
    models.Offer,
    models.ConsentEntry,
    models.Document,
    models.SignIn,
)
PERSONAL_DATA = (
    registries.PersonalData(
        models.Customer,
        _("Who the customer is"),
        [
            "given_names", "family_name", "name", "display_name", "born_on", "birth_place",
            "nationalities", "residence_country", "tax_countries", "language", "occupation",
            "adviser", "segment", "risk_level", "customer_since",
        ],
        customer_path="",
        own=[
            "given_names", "family_name", "display_name", "born_on", "birth_place",
            "nationalities", "residence_country", "tax_countries", "language", "occupation",
            "adviser", "customer_since",
        ],
    ),
    registries.PersonalData(models.ContactPoint, _("Contact"), ["kind", "value"], own="*"),
    registries.PersonalData(
        models.Address,
        _("Contact"),
        ["line1", "line2", "postal_code", "city", "country"],
        own="*",
    ),
    registries.PersonalData(
        models.Identifier, _("Identity numbers"), ["kind", "country", "masked"], own="*"
    ),
    registries.PersonalData(
        models.Holding,
        _("Business with the bank"),
        ["reference", "opened_on", "closed_on", "balance"],
        own="*",
    ),
    registries.PersonalData(
        models.Offer,
        _("Business with the bank"),
        ["kind", "text", "given_at"],
        blank={"text": "—"},
    ),
    registries.PersonalData(
        models.Relation,
        _("Relations to others"),
        ["kind", "share", "votes", "source", "valid_from", "valid_to"],
        also=["other"],
        own="*",
    ),
    registries.PersonalData(
        models.ConsentEntry,
        _("Consents"),
        ["purpose", "channel", "decision", "source", "wording_version", "language", "at"],
        own="*",
    ),
    registries.PersonalData(
        models.Document,
        _("Documents"),
        ["kind", "state", "note", "issuer", "number_end", "uploaded_at", "expires_on"],
        own="*",
    ),
    # Marks are the work of a list that is being read: who is on it, the ledger says.
    registries.PersonalData(models.RobinsonMark, _("Consents"), [], retention="consents"),
    registries.PersonalData(
        models.CustomerInsight,
        _("What was computed"),
        ["churn_probability", "churn_reasons", "value", "segment"],
    ),
    registries.PersonalData(
        models.SourceRecord, _("Where data came from"), ["system", "external_id", "seen_at"]
    ),
    registries.PersonalData(
        models.SignIn,
        _("Visits to My page"),
        ["at", "outcome", "assurance", "provider", "transaction_id"],
        blank={"transaction_id": ""},
        own="*",
    ),
)  # fmt: skip


def _pages() -> None:
    transitions.register(
        models.Customer,
        selector=selectors.visible_customers,
        url=lambda customer: reverse("customers:customer", args=[customer.pk]),
    )
    transitions.register(
        models.Offer,
        selector=selectors.visible_offers,
        url=lambda offer: (
            reverse("customers:customer", args=[offer.customer_id]) if offer.customer_id else ""
        ),
    )
    transitions.register(
        models.ImportBatch,
        selector=selectors.visible_batches,
        url=lambda _batch: reverse("customers:import"),
    )
    transitions.register(
        models.ConsentWording,
        selector=selectors.visible_wordings,
        url=lambda _wording: reverse("customers:wordings"),
    )
    transitions.register(
        models.Document,
        selector=selectors.visible_documents,
        url=lambda one: reverse("customers:customer", args=[one.customer_id]) + "?tab=documents",
    )
    menu.register(
        menu.MenuItem(
            "customers", _("Customers"), "users", "customers:list", group="home",
            permission="customers.view_customer", order=10, go="c",
        )
    )  # fmt: skip
    panels.register()
    relations.register()
    laws.register()
    products.register()
    wordings.register()
    timeline.register()
    document_timeline.register()
    mypage.register()
    registries.search_sources.register(
        registries.SearchSource(
            "customers", _("Customers"), command_menu, permission="customers.view_customer"
        )
    )
