"""
Who may do what: one page, role by role.

A permission of a transition is named in its machine's table (docs/lifecycles.md). `reach` is
how far a role sees: its own portfolio, its branch, or everything. A user with several roles
has the sum of the permissions and the widest reach.
"""

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Role:
    label: Any
    reach: Literal["own", "branch", "all"]
    permissions: tuple[str, ...]


# What several roles share.
READ_CUSTOMERS = (
    "customers.view_customer",
    "customers.view_holding",
    "customers.view_consententry",
    "customers.view_consentwording",
    "customers.view_offer",
    "customers.view_product",
    "customers.view_transaction",
    "customers.view_otheraccount",
    "customers.view_accountconsent",
    "customers.view_relation",
    "customers.view_document",
)
WORK_ENQUIRIES = (
    "engagement.view_enquiry",
    "engagement.add_enquiry",
    "engagement.change_enquiry",
    "engagement.assign_enquiry",
    "engagement.ask_customer_enquiry",
    "engagement.resume_enquiry",
    "engagement.answer_enquiry",
    "engagement.close_enquiry",
    "engagement.reopen_enquiry",
)
READ_FEEDBACK = ("engagement.view_survey", "engagement.view_feedback")
WRITE_SURVEYS = (
    *READ_FEEDBACK,
    "engagement.add_survey",
    "engagement.change_survey",
    "engagement.add_feedback",
)
SERVE_CUSTOMERS = (
    "engagement.view_nextbestaction",
    "engagement.answer_nextbestaction",
    *WORK_ENQUIRIES,
    *READ_FEEDBACK,
    "customers.add_customer",
    "customers.change_customer",
    "customers.record_consent",
    "customers.add_relation",
    "customers.change_relation",
    "customers.reveal_identifier",
    "customers.give_access",
    "customers.add_accountconsent",
    "customers.revoke_accountconsent",
    "customers.make_offer",
    "customers.accept_offer",
    "customers.decline_offer",
    "customers.add_document",
    "customers.change_document",
    "customers.upload_document",
    "customers.open_document",
    "customers.cancel_document",
    "engagement.view_interaction",
    "engagement.add_interaction",
)
# Stages by hand, where no lead, application or closure has said it: what follows is the same.
BEGIN_CUSTOMERS = ("customers.start_onboarding_customer", "customers.withdraw_customer")
END_CUSTOMERS = ("customers.start_offboarding_customer", "customers.cancel_offboarding_customer")
OPEN_HOLDINGS = ("customers.add_holding", "customers.change_holding")
SEE_DUPLICATES = ("customers.view_duplicatepair", "customers.view_customermerge")
MERGE_CUSTOMERS = (
    *SEE_DUPLICATES,
    "customers.find_duplicates",
    "customers.merge_customer",
    "customers.dismiss_duplicatepair",
    "customers.undo_merge",
)
WORK_LEADS = (
    "acquisition.view_lead",
    "acquisition.add_lead",
    "acquisition.change_lead",
    "acquisition.view_campaign",
    "acquisition.contact_lead",
    "acquisition.qualify_lead",
    "acquisition.offer_lead",
    "acquisition.convert_lead",
    "acquisition.lose_lead",
    "acquisition.mark_duplicate_lead",
)
FILL_APPLICATIONS = (
    "onboarding.view_application",
    "onboarding.add_application",
    "onboarding.change_application",
    "onboarding.submit_application",
    "onboarding.resume_application",
    "onboarding.withdraw_application",
)
READ_TEMPLATES = ("onboarding.view_applicationtemplate",)
WRITE_TEMPLATES = (*READ_TEMPLATES, "onboarding.change_applicationtemplate")
APPROVE_TEMPLATES = (*READ_TEMPLATES, "onboarding.approve_applicationtemplate")
DECIDE_APPLICATIONS = (
    "onboarding.request_information_application",
    "onboarding.approve_application",
    "onboarding.decline_application",
    "onboarding.activate_application",
    "onboarding.expire_application",
    "onboarding.assign_application",
)
# Who looks at what customers hand in, and says whether it will do.
DECIDE_DOCUMENTS = (
    "customers.add_document",
    "customers.change_document",
    "customers.open_document",
    "customers.cancel_document",
    "customers.accept_document",
    "customers.reject_document",
)
INVESTIGATE = (
    "customers.view_restriction",
    "customers.view_lawset",
    "customers.add_relation",
    "customers.change_relation",
    "kyc.view_case",
    "kyc.add_case",
    "kyc.view_hit",
    "kyc.view_watchlist",
    "kyc.view_riskmodel",
    "kyc.change_riskmodel",
    "kyc.view_filegap",
    "kyc.screen_name",
    "kyc.assign_case",
    "kyc.decide_hit",
    "kyc.start_checks_case",
    "kyc.triage_case",
    "kyc.investigate_case",
    "kyc.ask_customer_case",
    "kyc.escalate_case",
    "kyc.propose_clearance_case",
    "kyc.propose_rejection_case",
    "kyc.view_alert",
    "kyc.escalate_alert",
    "kyc.dismiss_alert",
    "kyc.view_monitoringrule",
    "kyc.change_monitoringrule",
)
# Suspicious-activity reports: compliance alone; an auditor reads those opened to them one by one.
WRITE_REPORTS = (
    "kyc.view_suspicionreport",
    "kyc.add_suspicionreport",
    "kyc.change_suspicionreport",
)
FILE_REPORTS = (
    "kyc.approve_suspicionreport",
    "kyc.file_suspicionreport",
    "kyc.grant_suspicionreport",
)
APPROVE_CASES = (
    "kyc.clear_case",
    "kyc.reject_case",
    "kyc.reopen_case",
    "kyc.change_caseteam",
    "kyc.add_policytext",
    "kyc.approve_policytext",
    "kyc.add_qualitysample",
    "kyc.view_culture",
    "kyc.accept_watchlist",
    "kyc.approve_monitoringrule",
    "kyc.approve_riskmodel",
)
KEEP_CUSTOMERS = (
    "customers.flag_at_risk_customer",
    "customers.retain_customer",
    "customers.reactivate_customer",
    "customers.win_back_customer",
)
WORK_SAVE_CASES = (
    "retention.view_savecase",
    "retention.change_savecase",
    "retention.assign_savecase",
    "retention.contact_savecase",
    "retention.offer_savecase",
    "retention.save_savecase",
    "retention.lose_savecase",
    "retention.dismiss_savecase",
)
ASK_CLOSURE = (
    "offboarding.view_closure",
    "offboarding.add_closure",
    "offboarding.change_closure",
    "offboarding.check_closure",
    "offboarding.propose_closure",
    "offboarding.cancel_closure",
)
SETTLE_CLOSURE = (
    "offboarding.settle_closure",
    "offboarding.close_closure",
    "offboarding.block_closure",
    "offboarding.unblock_closure",
)
# What the assistant may say, and who says so.
READ_ARTICLES = ("assistant.view_article",)
WRITE_ARTICLES = (*READ_ARTICLES, "assistant.change_article")
APPROVE_ARTICLES = (*READ_ARTICLES, "assistant.approve_article", "assistant.retire_article")
READ_JOURNEYS = (
    "journeys.view_journey",
    "journeys.view_touchpoint",
    "journeys.view_journeymap",
    "journeys.view_persona",
    "journeys.view_mappingproject",
)
# Who leads mapping projects from module to module.
RUN_PROJECTS = (
    "journeys.add_mappingproject",
    "journeys.change_mappingproject",
    "journeys.move_mappingproject",
    "journeys.cancel_mappingproject",
)
# Who may write on a board that is shared, as at a workshop; who draws maps may on any.
JOIN_MAPS = ("journeys.join_journeymap",)
DRAW_MAPS = (
    "journeys.add_journeymap",
    "journeys.change_journeymap",
    "journeys.change_persona",
    *JOIN_MAPS,
)
READ_ANALYTICS = (
    "analytics.view_churnscore",
    "analytics.view_modelversion",
    "analytics.view_kpivalue",
    "analytics.view_ledgerfigure",
)
STEER = ("analytics.change_kpitarget", "analytics.import_ledger")

# What a customer may do for themself on My page: no role, and nobody of the bank has it by this.
THEMSELF = frozenset(
    {
        "customers.record_consent",
        "customers.give_access",
        "customers.ask_correction",
        "customers.revoke_accountconsent",
        "customers.upload_document",
        "customers.open_document",
        "onboarding.submit_application",
        "onboarding.resume_application",
        "offboarding.add_closure",
        "offboarding.cancel_closure",
        "engagement.add_enquiry",
    }
)

ROLES: dict[str, Role] = {
    "adviser": Role(
        _("Adviser"),
        "branch",
        READ_CUSTOMERS
        + READ_ARTICLES
        + SEE_DUPLICATES
        + SERVE_CUSTOMERS
        + BEGIN_CUSTOMERS
        + END_CUSTOMERS
        + OPEN_HOLDINGS
        + WORK_LEADS
        + FILL_APPLICATIONS
        + WORK_SAVE_CASES
        + ASK_CLOSURE
        + READ_JOURNEYS
        + JOIN_MAPS,
    ),
    "onboarding_officer": Role(
        _("Onboarding officer"),
        "all",
        READ_CUSTOMERS
        + WRITE_ARTICLES
        + MERGE_CUSTOMERS
        + ("customers.view_survivorshiprules",)
        + SERVE_CUSTOMERS
        + BEGIN_CUSTOMERS
        + OPEN_HOLDINGS
        + WORK_LEADS
        + FILL_APPLICATIONS
        + DECIDE_APPLICATIONS
        + WRITE_TEMPLATES
        + DECIDE_DOCUMENTS
        + READ_JOURNEYS
        + JOIN_MAPS
        + (
            "acquisition.import_leads",
            "customers.import_customers",
            "customers.admit_customer",
            "customers.decline_customer",
            "customers.view_importbatch",
            "customers.add_transaction",
            "customers.view_transactionbatch",
            "customers.view_parkedtransaction",
            "customers.change_parkedtransaction",
        ),
    ),
    "compliance_analyst": Role(
        _("Compliance analyst"),
        "all",
        READ_CUSTOMERS
        + INVESTIGATE
        + DECIDE_DOCUMENTS
        + WRITE_REPORTS
        + ("onboarding.view_application",)
        + READ_TEMPLATES
        + READ_JOURNEYS
        + JOIN_MAPS,
    ),
    "compliance_officer": Role(
        _("Compliance officer"),
        "all",
        READ_CUSTOMERS
        + APPROVE_ARTICLES
        + MERGE_CUSTOMERS
        + ("customers.view_survivorshiprules", "customers.approve_survivorshiprules")
        + ("customers.approve_consentwording", "customers.import_robinson")
        + INVESTIGATE
        + DECIDE_DOCUMENTS
        + APPROVE_CASES
        + WRITE_REPORTS
        + FILE_REPORTS
        + APPROVE_TEMPLATES
        + SETTLE_CLOSURE
        + READ_JOURNEYS
        # Complaints are answered by who sells nothing: the compliance officer.
        + READ_FEEDBACK
        + WORK_ENQUIRIES
        + JOIN_MAPS
        + (
            "engagement.handle_complaint",
            "onboarding.view_application",
            "offboarding.view_closure",
            "offboarding.add_closure",
            "customers.reveal_identifier",
            "customers.give_access",
            "customers.erase_customer",
            "acquisition.view_leaderasure",
            "acquisition.add_leaderasure",
            "acquisition.release_leaderasure",
            "customers.export_customers",
            "customers.admit_customer",
            "customers.view_importbatch",
            "customers.restrict_customer",
            "kyc.import_watchlist",
            "core.view_event",
            "core.view_accesslog",
            "core.verify_audit",
        ),
    ),
    "retention_manager": Role(
        _("Retention manager"),
        "all",
        READ_CUSTOMERS
        + SEE_DUPLICATES
        + SERVE_CUSTOMERS
        + KEEP_CUSTOMERS
        + END_CUSTOMERS
        + WORK_SAVE_CASES
        + ASK_CLOSURE
        + SETTLE_CLOSURE
        + READ_JOURNEYS
        + JOIN_MAPS
        + READ_ANALYTICS
        + ("customers.export_customers", "analytics.score_customers"),
    ),
    "manager": Role(
        _("Manager"),
        "all",
        READ_CUSTOMERS
        + WRITE_ARTICLES
        + WRITE_SURVEYS
        + SEE_DUPLICATES
        + ("customers.view_survivorshiprules", "customers.change_survivorshiprules")
        + ("customers.change_consentwording", "customers.import_robinson")
        + WRITE_TEMPLATES
        + APPROVE_TEMPLATES
        + READ_JOURNEYS
        + JOIN_MAPS
        + RUN_PROJECTS
        + READ_ANALYTICS
        + STEER
        + (
            "acquisition.view_lead",
            "acquisition.view_campaign",
            "onboarding.view_application",
            "engagement.view_interaction",
            "engagement.view_nextbestaction",
            "engagement.add_nextbestaction",
            "engagement.view_enquiry",
            "retention.view_savecase",
            "offboarding.view_closure",
            "core.view_all_jobs",
            "acquisition.view_leaderasure",
            "acquisition.add_leaderasure",
            "acquisition.release_leaderasure",
            "acquisition.add_campaign",
            "acquisition.change_campaign",
            "acquisition.add_campaigncost",
            "acquisition.add_captureform",
            "acquisition.add_nurturestep",
            "acquisition.change_nurturestep",
            "acquisition.add_incentive",
            "acquisition.change_incentive",
            "acquisition.change_captureform",
            "acquisition.import_leads",
            "customers.export_customers",
            "customers.add_product",
            "customers.change_product",
            "kyc.view_culture",
            "analytics.approve_model",
        ),
    ),
    "journey_designer": Role(
        _("Journey designer"),
        "all",
        READ_JOURNEYS
        + DRAW_MAPS
        + RUN_PROJECTS
        + ("journeys.change_journey", "journeys.add_touchpoint"),
    ),
    "data_analyst": Role(
        _("Data analyst"),
        "all",
        READ_JOURNEYS
        + JOIN_MAPS
        + READ_ANALYTICS
        + ("analytics.train_model", "analytics.approve_model", "analytics.score_customers"),
    ),
    "auditor": Role(
        _("Auditor"),
        "all",
        READ_CUSTOMERS
        + READ_ARTICLES
        + READ_FEEDBACK
        + SEE_DUPLICATES
        + ("customers.view_survivorshiprules",)
        + READ_TEMPLATES
        + READ_JOURNEYS
        + READ_ANALYTICS
        + (
            "acquisition.view_lead",
            "acquisition.view_leaderasure",
            "acquisition.view_campaign",
            "onboarding.view_application",
            "customers.view_importbatch",
            "customers.view_transactionbatch",
            "customers.view_parkedtransaction",
            "customers.view_lawset",
            "customers.view_restriction",
            "customers.open_document",
            "kyc.view_culture",
            "kyc.view_case",
            "kyc.view_hit",
            "kyc.view_watchlist",
            "kyc.view_alert",
            "kyc.view_monitoringrule",
            "kyc.view_riskmodel",
            "kyc.view_filegap",
            "kyc.read_granted_suspicionreport",
            "engagement.view_interaction",
            "engagement.view_nextbestaction",
            "engagement.view_enquiry",
            "retention.view_savecase",
            "offboarding.view_closure",
            "core.view_event",
            "core.view_accesslog",
            "core.verify_audit",
            "core.view_all_jobs",
        ),
    ),
    "administrator": Role(
        _("Administrator"),
        "own",
        (
            *WRITE_ARTICLES,
            "customers.view_survivorshiprules",
            "customers.change_survivorshiprules",
            "customers.view_consentwording",
            "customers.change_consentwording",
            "customers.view_sourcesystem",
            "customers.change_sourcesystem",
            "core.view_user",
            "core.add_user",
            "core.change_user",
            "core.view_branch",
            "core.add_branch",
            "core.change_branch",
            "core.view_all_jobs",
            "core.view_delivery",
            "core.replay_delivery",
            "core.view_scheduledrun",
            "core.view_seal",
            "core.view_task",
            "customers.view_otherbank",
            "retention.view_playbook",
            "customers.view_lawset",
            "auth.view_group",
        ),
    ),
}
