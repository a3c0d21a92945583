"""
Why the bank says no, in words that go to the customer. Pure.

A basic payment account is opened or refused within ten business days of a complete application, in
writing and with the ground (directive 2014/92/EU art. 16; lov om betalingskonti). Where the
ground is money laundering the law forbids to say more (directive 2014/92/EU art. 16(7);
hvidvaskloven § 38). How the bank decided and how to contest it: GDPR art. 22, AMLR art. 76.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: The product that everybody who lives lawfully in the Union may have.
BASIC_ACCOUNT = "basiskonto"
ANSWERED_IN_DAYS = 10
#: So long a decision may be contested here, and so long the bank takes to answer, in business days.
CONTEST_DAYS = 60
REVIEW_DAYS = 10


class Ground(models.TextChoices):
    HAS_ACCOUNT = "has_account", gettext_lazy("Has a payment account in Denmark already")
    NOT_RESIDENT = "not_resident", gettext_lazy("Does not live lawfully in the European Union")
    INCOMPLETE = "incomplete", gettext_lazy("Did not tell or show what the bank must know")
    LAW = "law", gettext_lazy("The law forbids it (money laundering)")
    MISUSE = "misuse", gettext_lazy("Used an account for something unlawful, or harassed staff")
    CONDITIONS = "conditions", gettext_lazy("The conditions of the product are not met")
    ECONOMY = "economy", gettext_lazy("The economy does not carry it")


#: Only these refuse a basic payment account.
BASIC_GROUNDS = (
    Ground.HAS_ACCOUNT,
    Ground.NOT_RESIDENT,
    Ground.INCOMPLETE,
    Ground.LAW,
    Ground.MISUSE,
)
_WORDS = {
    Ground.HAS_ACCOUNT: gettext_lazy(
        "You have a payment account in Denmark already that gives you the same services."
    ),
    Ground.NOT_RESIDENT: gettext_lazy(
        "The account is for those who live lawfully in the European Union, and we could not see that you do."
    ),
    Ground.INCOMPLETE: gettext_lazy(
        "We asked for something that the law requires us to know before we open an account, and did not get it."
    ),
    Ground.LAW: gettext_lazy(
        "The law does not allow us to open it. We may not tell you more than that."
    ),
    Ground.MISUSE: gettext_lazy(
        "An account was used for something unlawful, or members of our staff were harassed."
    ),
    Ground.CONDITIONS: gettext_lazy(
        "What you told us does not meet the conditions of the product."
    ),
    Ground.ECONOMY: gettext_lazy(
        "From the income and the expenses that you told us of, we do not think that your economy carries it."
    ),
}
OUTCOMES = (
    ("upheld", gettext_lazy("Upheld: the answer stays no")),
    ("overturned", gettext_lazy("Overturned: the application goes on")),
)


def letter(
    *, language: str, product: str, ground: str, words: str, sent_in: datetime | None, basic: bool
) -> str:
    """The letter, paragraph by paragraph, in a language; the same however often it is asked for."""
    with translation.override(language):
        paragraphs = [
            _opening(product, sent_in),
            str(_WORDS[Ground(ground)]) if ground in Ground.values else str(
                _WORDS[Ground.CONDITIONS]
            ),
        ]  # fmt: skip
        if words and ground != Ground.LAW:
            paragraphs.append(words)
        paragraphs += [
            _(
                "A person at the bank made this decision. We looked at what you told us, at the "
                "documents that you sent, and at what we must check by law."
            ),
            _(
                "You may contest it: tell us within %(days)d days why you disagree, and another "
                "person looks at it again. You may send us something new with it."
            )
            % {"days": CONTEST_DAYS},
            _(
                "You may also complain to our complaints officer, and after that to Det finansielle "
                "ankenævn (fanke.dk). It costs you nothing to ask us."
            ),
        ]
        if basic:
            paragraphs.append(
                _(
                    "This is about a basic payment account. Finanstilsynet (finanstilsynet.dk) sees "
                    "to it that banks keep the law on payment accounts, and you may write to them."
                )
            )
        return "\n\n".join(paragraphs)


def _opening(product: str, sent_in: datetime | None) -> str:
    if sent_in is None:
        return _("We cannot open %(product)s for you.") % {"product": product}
    day = formats.date_format(timezone.localtime(sent_in), "DATE_FORMAT")
    return _("You applied for %(product)s on %(day)s. We cannot open it for you.") % {
        "product": product,
        "day": day,
    }
