from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from customers.selectors.documents import EXPIRING_DAYS
from kyc.checks import Finding, Subject, register


@register("document_validity", label=_("Identity document"), kinds=("person",))
def document_validity(subject: Subject) -> Finding:
    """
    The identity document that the customer relies on is good, and for two months yet: it was
    accepted and has not run out. Whether there has to be one is said by the risk model in force
    and by who asked for it; who identified electronically needs none (AMLR art. 22(6), 26(2)).
    """
    papers = subject.papers
    if papers.accepted:
        until = papers.valid_until
        if until is None or until > subject.today + timedelta(days=EXPIRING_DAYS):
            return Finding(True, "document_valid", {"on": until.isoformat() if until else ""})
        return Finding(False, "document_expiring", {"on": until.isoformat()})
    if papers.expired_on is not None:
        return Finding(False, "document_expired", {"on": papers.expired_on.isoformat()})
    if papers.rejected:
        return Finding(False, "document_rejected")
    if papers.asked or subject.needs_paper:
        if papers.waiting:
            return Finding(not subject.needs_paper, "document_waiting")
        return Finding(False, "document_missing")
    return Finding(True, "document_waiting" if papers.waiting else "document_not_asked")
