"""Duties: permissions that belong together and that several roles have (see `clm.roles`)."""

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
