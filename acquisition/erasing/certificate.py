"""What is left of an erasure of leads: who asked, who released it, how many, by which rule."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from acquisition.models import Lead, LeadErasure
from acquisition.services.erasures import BLANK
from clm.core.documents import pdf
from clm.core.models import Approval
from customers.privacy.pack import TEMPLATE


def made(*, erasure: LeadErasure, at: datetime) -> bytes:
    """The certificate as PDF/UA, in the bank's own language."""
    with translation.override(settings.LANGUAGE_CODE):
        return pdf(template=TEMPLATE, content=_content(erasure, at), at=at)


def _content(erasure: LeadErasure, at: datetime) -> dict[str, Any]:
    released = (
        Approval.objects.filter(record_id=erasure.pk, decision=Approval.Decision.APPROVED)
        .select_related("maker", "checker")
        .latest("made_at")
    )
    fields = {one.name: one for one in Lead._meta.concrete_fields}
    names = [str(fields[name].verbose_name) for name in _shown()]
    rows = [
        (_("Number"), str(erasure.pk)),
        (_("Rule"), erasure.law),
        (_("Last heard of before"), formats.date_format(erasure.quiet_since, "DATE_FORMAT")),
        (_("Asked for by"), f"{released.maker}, {_instant(released.made_at)}"),
        (_("Released by"), f"{released.checker}, {_instant(released.decided_at)}"),
        (_("Done"), _instant(at)),
        (_("Leads when asked"), str(erasure.expected)),
        (_("Leads erased"), str(erasure.erased)),
        (_("Digest of the ids"), erasure.digest or "–"),
    ]
    what = _("Of each lead: %(names)s; what it was written to, did and agreed to; the words of its"
             " history, of its tasks and of its approvals.") % {"names": ", ".join(names)}  # fmt: skip
    left = _("A lead without a name, its campaign, channel, product, branch and state, which count"
             " in the campaign's results.")  # fmt: skip
    proof = _("The digest is SHA-256, lead by lead in the order of their ids, of the digest before"
              " and the 16 bytes of the id; before the first there is none.")  # fmt: skip
    return {
        "title": _("Certificate of erasure"),
        "bank": settings.CLM_BANK_NAME,
        "language": settings.LANGUAGE_CODE[:2],
        "lead": _("%(bank)s has erased the leads that it may keep no longer (GDPR art. 5(1)(e)).")
        % {"bank": settings.CLM_BANK_NAME},
        "what": _("What"),
        "value": _("Value"),
        "rights": [
            {"heading": _("What was erased"), "lines": [what]},
            {"heading": _("What is left"), "lines": [left]},
            {"heading": _("How it can be checked"), "lines": [proof]},
        ],
        "sections": [
            {"heading": _("The erasure"), "note": "", "records": [[list(row) for row in rows]]}
        ],
    }


def _shown() -> list[str]:
    return [name for name in BLANK if name not in {"cpr_token", "cpr_index"}]


def _instant(at: datetime | None) -> str:
    return formats.date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else "–"
