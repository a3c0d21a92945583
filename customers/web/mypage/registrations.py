"""The pages of My page that the shared record brings."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clm.core.registries import OwnPage, own_pages
from customers.models import Customer
from customers.selectors import mypage
from customers.web.mypage import consents, data, documents, pages


def register() -> None:
    for entry in PAGES:
        own_pages.register(entry)


def _details(customer: Customer) -> str:
    return _("What we know about you, and from whom")


def _accounts(customer: Customer) -> str | None:
    count = customer.holdings.filter(closed_on=None).count()
    other = customer.other_accounts.exists()
    words = ngettext("%(count)d product", "%(count)d products", count) % {"count": count}
    return words if count or other else None


def _relations(customer: Customer) -> str | None:
    if not mypage.own_relations(customer=customer):
        return None
    return _("Family, companies and powers of attorney")


def _consents(customer: Customer) -> str:
    return _("Who may contact you, and about what")


def _data(customer: Customer) -> str:
    return _("Order and fetch it")


PAGES = (
    OwnPage("details", gettext_lazy("My details"), "user", pages.DetailsView, _details, 10),
    OwnPage("accounts", gettext_lazy("Accounts and products"), "cash", pages.AccountsView,
            _accounts, 30),
    OwnPage("relations", gettext_lazy("Relations"), "users", pages.RelationsView, _relations, 40),
    OwnPage("documents", gettext_lazy("Documents"), "file-text", documents.DocumentsView,
            documents.note, 35),
    OwnPage("consents", gettext_lazy("Consents"), "checks", consents.ConsentsView, _consents, 50),
    OwnPage("data", gettext_lazy("A copy of my data"), "download", data.DataView, _data, 80),
)  # fmt: skip
