"""
Who may do what: one page, role by role.

A permission of a transition is named in its machine's table (docs/lifecycles.md). `reach` is
how far a role sees: its own portfolio, its branch, or everything. A user with several roles
has the sum of the permissions and the widest reach.
"""

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from clm import duties


@dataclass(frozen=True)
class Role:
    label: Any
    reach: Literal["own", "branch", "all"]
    permissions: tuple[str, ...]


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
        duties.READ_CUSTOMERS
        + duties.READ_ARTICLES
        + duties.SEE_DUPLICATES
        + duties.SERVE_CUSTOMERS
        + duties.BEGIN_CUSTOMERS
        + duties.END_CUSTOMERS
        + duties.OPEN_HOLDINGS
        + duties.WORK_LEADS
        + duties.FILL_APPLICATIONS
        + duties.WORK_SAVE_CASES
        + duties.ASK_CLOSURE
        + duties.READ_JOURNEYS
        + duties.JOIN_MAPS,
    ),
    "onboarding_officer": Role(
        _("Onboarding officer"),
        "all",
        duties.READ_CUSTOMERS
        + duties.WRITE_ARTICLES
        + duties.MERGE_CUSTOMERS
        + ("customers.view_survivorshiprules",)
        + duties.SERVE_CUSTOMERS
        + duties.BEGIN_CUSTOMERS
        + duties.OPEN_HOLDINGS
        + duties.WORK_LEADS
        + duties.FILL_APPLICATIONS
        + duties.DECIDE_APPLICATIONS
        + duties.WRITE_TEMPLATES
        + duties.DECIDE_DOCUMENTS
        + duties.READ_JOURNEYS
        + duties.JOIN_MAPS
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
        duties.READ_CUSTOMERS
        + duties.INVESTIGATE
        + duties.DECIDE_DOCUMENTS
        + duties.WRITE_REPORTS
        + ("onboarding.view_application",)
        + duties.READ_TEMPLATES
        + duties.READ_JOURNEYS
        + duties.JOIN_MAPS,
    ),
    "compliance_officer": Role(
        _("Compliance officer"),
        "all",
        duties.READ_CUSTOMERS
        + duties.APPROVE_ARTICLES
        + duties.MERGE_CUSTOMERS
        + ("customers.view_survivorshiprules", "customers.approve_survivorshiprules")
        + ("customers.approve_consentwording", "customers.import_robinson")
        + duties.INVESTIGATE
        + duties.DECIDE_DOCUMENTS
        + duties.APPROVE_CASES
        + duties.WRITE_REPORTS
        + duties.FILE_REPORTS
        + duties.APPROVE_TEMPLATES
        + duties.SETTLE_CLOSURE
        + duties.READ_JOURNEYS
        # Complaints are answered by who sells nothing: the compliance officer.
        + duties.READ_FEEDBACK
        + duties.WORK_ENQUIRIES
        + duties.JOIN_MAPS
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
        duties.READ_CUSTOMERS
        + duties.SEE_DUPLICATES
        + duties.SERVE_CUSTOMERS
        + duties.KEEP_CUSTOMERS
        + duties.END_CUSTOMERS
        + duties.WORK_SAVE_CASES
        + duties.ASK_CLOSURE
        + duties.SETTLE_CLOSURE
        + duties.READ_JOURNEYS
        + duties.JOIN_MAPS
        + duties.READ_ANALYTICS
        + ("customers.export_customers", "analytics.score_customers"),
    ),
    "manager": Role(
        _("Manager"),
        "all",
        duties.READ_CUSTOMERS
        + duties.WRITE_ARTICLES
        + duties.WRITE_SURVEYS
        + duties.SEE_DUPLICATES
        + ("customers.view_survivorshiprules", "customers.change_survivorshiprules")
        + ("customers.change_consentwording", "customers.import_robinson")
        + duties.WRITE_TEMPLATES
        + duties.APPROVE_TEMPLATES
        + duties.READ_JOURNEYS
        + duties.JOIN_MAPS
        + duties.RUN_PROJECTS
        + duties.READ_ANALYTICS
        + duties.STEER
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
        duties.READ_JOURNEYS
        + duties.DRAW_MAPS
        + duties.RUN_PROJECTS
        + ("journeys.change_journey", "journeys.add_touchpoint"),
    ),
    "data_analyst": Role(
        _("Data analyst"),
        "all",
        duties.READ_JOURNEYS
        + duties.JOIN_MAPS
        + duties.READ_ANALYTICS
        + ("analytics.train_model", "analytics.approve_model", "analytics.score_customers"),
    ),
    "auditor": Role(
        _("Auditor"),
        "all",
        duties.READ_CUSTOMERS
        + duties.READ_ARTICLES
        + duties.READ_FEEDBACK
        + duties.SEE_DUPLICATES
        + ("customers.view_survivorshiprules",)
        + duties.READ_TEMPLATES
        + duties.READ_JOURNEYS
        + duties.READ_ANALYTICS
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
            *duties.WRITE_ARTICLES,
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
