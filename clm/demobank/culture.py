"""What the bank's people are to attest, and a sample of the decisions of last month."""

from datetime import datetime, timedelta

from clm.core.models import User
from kyc.culture import selectors
from kyc.culture import services as culture

_EVERYBODY = (
    "adviser", "onboarding_officer", "compliance_analyst", "compliance_officer",
    "retention_manager", "manager",
)  # fmt: skip
POLICIES = (
    (
        "aml-procedures", "Forretningsgang om hvidvask", "Anti-money-laundering procedures",
        ("Kend kunden, før forretningen begynder. Det usædvanlige siges til compliance samme dag."
        " Ingen kunde får at vide, at der er set på dem."),
        ("Know the customer before business begins. What is unusual is told to compliance the same"
        " day. No customer is told that anybody looked."),
        _EVERYBODY, -9,
    ),
    (
        "sanctions", "Sanktionspolitik", "Sanctions policy",
        "Et hit afgøres af den, der ser på det, med en begrundelse; en anden godkender.",
        "A hit is decided by whoever looks at it, with a reason; somebody else approves.",
        ("compliance_analyst", "compliance_officer"), 21,
    ),
)  # fmt: skip
#: Who has attested by now.
DILIGENT = {
    "aml-procedures": ("ada", "ola", "line", "karen", "mads", "maria"),
    "sanctions": ("karen",),
}


def plant(*, now: datetime) -> None:
    """Publish the policies, let most people attest, and draw last month's cases."""
    karen = User.objects.get(username="karen")
    published = now - timedelta(days=40)
    for code, title_da, title_en, text_da, text_en, roles, days in POLICIES:
        policy = culture.publish_policy(
            code=code, title_da=title_da, title_en=title_en, text_da=text_da, text_en=text_en,
            roles=roles, due_on=(now + timedelta(days=days)).date(), actor=karen, at=published,
        )  # fmt: skip
        for number, name in enumerate(DILIGENT[code]):
            culture.attest(
                policy=policy, actor=User.objects.get(username=name),
                at=published + timedelta(days=2 + number),
            )  # fmt: skip
    month = culture.last_month(at=now)
    if selectors.cleared_in(month=month):
        culture.draw_sample(month=month, percent=50, actor=karen, at=now)
