"""What the bank's people are to attest, and a sample of the decisions of last month."""

from datetime import datetime, timedelta

from clm.core import lifecycle
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
    (
        "gifts", "Gaver og repræsentation", "Gifts and hospitality",
        "Gaver over 500 kr. modtages ikke; mindre gaver meldes samme uge.",
        "Gifts over DKK 500 are not accepted; smaller ones are told of within the week.",
        _EVERYBODY, 30,
    ),
)  # fmt: skip
#: Written, and not published yet.
WAITS = "gifts"
#: Who has attested by now.
DILIGENT = {
    "aml-procedures": ("ada", "ola", "line", "karen", "mads", "maria"),
    "sanctions": ("karen",),
}


def plant(*, now: datetime) -> None:
    """Publish the policies but the one that waits for a second person, let most people attest, and draw last month's cases."""
    karen, mads = (User.objects.get(username=name) for name in ("karen", "mads"))
    published = now - timedelta(days=40)
    for code, title_da, title_en, text_da, text_en, roles, days in POLICIES:
        policy = culture.draft_policy(
            code=code, title_da=title_da, title_en=title_en, text_da=text_da, text_en=text_en,
            roles=roles, due_on=(now + timedelta(days=days)).date(), actor=karen, at=published,
        )  # fmt: skip
        policy = lifecycle.perform(record=policy, name="propose", actor=karen, at=published)
        if code == WAITS:
            continue
        policy = lifecycle.perform(record=policy, name="approve", actor=mads, at=published)
        for number, name in enumerate(DILIGENT[code]):
            culture.attest(
                policy=policy, actor=User.objects.get(username=name),
                at=published + timedelta(days=2 + number),
            )  # fmt: skip
    month = culture.last_month(at=now)
    if selectors.cleared_in(month=month):
        culture.draw_sample(month=month, percent=50, actor=karen, at=now)
