"""
Which recorded events are steps of the life-cycle journey, and what they are called.

Only what is named here becomes a touchpoint: a new kind of event stays out until somebody
lets it in. That keeps suspicious-activity work, reads and reveals out by construction.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True)
class Step:
    """
    How an event appears in the journey.

    :param name: the activity, in English; shown in the reader's language
    :param restricted: compliance alone sees it, and the churn model never does
    :param rest: whoever stands here waits for nothing: what comes next is no delay, and to stay
        is not to give up
    """

    name: str
    restricted: bool = False
    rest: bool = False


STEPS: dict[tuple[str, str], Step] = {
    ("acquisition.Lead", "create"): Step(_("Lead captured")),
    ("acquisition.Lead", "contact"): Step(_("Lead contacted")),
    ("acquisition.Lead", "qualify"): Step(_("Lead qualified")),
    ("acquisition.Lead", "offer"): Step(_("Lead given an offer")),
    ("acquisition.Lead", "convert"): Step(_("Lead converted")),
    ("acquisition.Lead", "lose"): Step(_("Lead lost"), rest=True),
    ("onboarding.Application", "create"): Step(_("Application opened")),
    ("onboarding.Application", "link_opened"): Step(_("Customer link opened")),
    ("onboarding.Application", "link_returned"): Step(_("Came back by the link")),
    ("onboarding.Application", "link_left"): Step(_("Left to go on later")),
    ("onboarding.Application", "identified"): Step(_("Showed who they are")),
    ("onboarding.Application", "link_abandoned"): Step(_("Left lying by the customer")),
    ("onboarding.Application", "submit"): Step(_("Application submitted")),
    ("onboarding.Application", "refer"): Step(_("Application in review")),
    ("onboarding.Application", "request_information"): Step(_("Information requested")),
    ("onboarding.Application", "resume"): Step(_("Information received")),
    ("onboarding.Application", "approve"): Step(_("Application approved")),
    ("onboarding.Application", "decline"): Step(_("Application declined"), rest=True),
    ("onboarding.Application", "withdraw"): Step(_("Application withdrawn"), rest=True),
    ("onboarding.Application", "expire"): Step(_("Application expired"), rest=True),
    ("kyc.Case", "create"): Step(_("KYC case opened"), restricted=True),
    ("kyc.Case", "triage"): Step(_("KYC hit to be reviewed"), restricted=True),
    ("kyc.Case", "propose_clearance"): Step(_("KYC clearance proposed"), restricted=True),
    ("kyc.Case", "clear"): Step(_("KYC cleared"), restricted=True),
    ("kyc.Case", "reject"): Step(_("KYC rejected"), restricted=True, rest=True),
    ("customers.Customer", "activate"): Step(_("Customer active"), rest=True),
    ("customers.Customer", "admit_existing"): Step(_("Customer admitted"), rest=True),
    ("customers.Customer", "mark_dormant"): Step(_("Customer dormant"), rest=True),
    ("customers.Customer", "reactivate"): Step(_("Customer reactivated"), rest=True),
    ("engagement.Interaction", "create"): Step(_("Contact with the bank"), rest=True),
    ("engagement.Enquiry", "create"): Step(_("Enquiry received")),
    ("engagement.Enquiry", "ask_customer"): Step(_("Customer asked about an enquiry")),
    ("engagement.Enquiry", "answer"): Step(_("Enquiry answered"), rest=True),
    ("engagement.Enquiry", "reopen"): Step(_("Enquiry reopened")),
    # What was behind a complaint, at the time it came.
    ("engagement.Enquiry", "complaint_fee"): Step(_("Complaint: price and fees")),
    ("engagement.Enquiry", "complaint_waiting"): Step(_("Complaint: waiting time")),
    ("engagement.Enquiry", "complaint_mistake"): Step(_("Complaint: a mistake of the bank")),
    ("engagement.Enquiry", "complaint_information"): Step(_("Complaint: unclear information")),
    ("engagement.Enquiry", "complaint_conduct"): Step(_("Complaint: how they were met")),
    ("engagement.Enquiry", "complaint_digital"): Step(_("Complaint: app and netbank")),
    ("engagement.Enquiry", "complaint_product"): Step(_("Complaint: terms of the product")),
    ("engagement.Enquiry", "complaint_unfounded"): Step(_("Complaint: no fault found")),
    ("customers.Customer", "flag_at_risk"): Step(_("Customer at risk")),
    ("retention.SaveCase", "contact"): Step(_("Contacted to be kept")),
    ("retention.SaveCase", "offer"): Step(_("Offered a reason to stay")),
    ("retention.SaveCase", "save"): Step(_("Customer saved"), rest=True),
    ("retention.SaveCase", "lose"): Step(_("Customer lost"), rest=True),
    ("offboarding.Closure", "create"): Step(_("Closure requested")),
    ("offboarding.Closure", "propose"): Step(_("Closure proposed")),
    ("offboarding.Closure", "settle"): Step(_("Closure in settlement")),
    ("offboarding.Closure", "cancel"): Step(_("Closure cancelled"), rest=True),
    ("customers.Customer", "close"): Step(_("Customer closed"), rest=True),
}

#: The steps at which nobody waits for anything, by name.
RESTS = frozenset(step.name for step in STEPS.values() if step.rest)
