"""
Who may call what: every route of the site, decided on purpose.

A row says which roles pass the gate of a route; everybody else is refused: 401 (API) or the
sign-in page for who is not signed in, 403 for who lacks the permission, 404 for a record
outside the caller's reach. `test_permission_matrix.py` tries every row with every role, with
nobody, with someone without a role, and with an API client without a scope.

A route without a row fails the suite, and the failure prints the row as it would have to
read for what was found. Look at it, decide, add the line.
"""

from dataclasses import dataclass, field

ADVISER = "adviser"
ELSEWHERE = "adviser elsewhere"
ONBOARDING = "onboarding_officer"
ANALYST = "compliance_analyst"
OFFICER = "compliance_officer"
RETENTION = "retention_manager"
MANAGER = "manager"
DESIGNER = "journey_designer"
DATA = "data_analyst"
AUDITOR = "auditor"
ADMIN = "administrator"
NO_ROLE = "no role"

ADVISERS = frozenset({ADVISER, ELSEWHERE})
ROLES = ADVISERS | {
    ONBOARDING, ANALYST, OFFICER, RETENTION, MANAGER, DESIGNER, DATA, AUDITOR, ADMIN,
}  # fmt: skip
EVERYBODY = ROLES | {NO_ROLE}
READERS = ADVISERS | {ONBOARDING, ANALYST, OFFICER, RETENTION, MANAGER, AUDITOR}
SERVERS = ADVISERS | {ONBOARDING, RETENTION}
LEADS = ADVISERS | {ONBOARDING}
LEAD_READERS = LEADS | {MANAGER, AUDITOR}
PLANNERS = frozenset({MANAGER})
LEAD_IMPORTERS = frozenset({MANAGER, ONBOARDING})
# Who asks for the erasure of leads, and who releases it as second person.
ERASERS = frozenset({OFFICER, MANAGER})
APPLICATIONS = ADVISERS | {ONBOARDING}
APPLICATION_READERS = APPLICATIONS | {ANALYST, OFFICER, MANAGER, AUDITOR}
COMPLIANCE = frozenset({ANALYST, OFFICER})
CASE_READERS = COMPLIANCE | {AUDITOR}
REPORT_READERS = COMPLIANCE | {AUDITOR}
# Who sees what is asked of applicants, and who drafts it.
TEMPLATE_READERS = frozenset({ONBOARDING, ANALYST, OFFICER, MANAGER, AUDITOR})
TEMPLATE_WRITERS = frozenset({ONBOARDING, MANAGER})
# Who sees compliance culture and early warning.
CULTURE = frozenset({OFFICER, MANAGER, AUDITOR})
# Who records who owns and directs whom.
RELATERS = SERVERS | COMPLIANCE
SAVERS = ADVISERS | {RETENTION}
SAVE_READERS = SAVERS | {MANAGER, AUDITOR}
CLOSERS = ADVISERS | {RETENTION}
CLOSURE_READERS = CLOSERS | {OFFICER, MANAGER, AUDITOR}
AUDIT = frozenset({OFFICER, AUDITOR})
ALL_JOBS = frozenset({MANAGER, AUDITOR, ADMIN})
JOURNEY_READERS = READERS | {DESIGNER, DATA}
# Who writes on a board that is shared, and who draws maps.
MAP_JOINERS = JOURNEY_READERS - {AUDITOR}
MAP_DRAWERS = frozenset({DESIGNER})
# Who leads mapping projects.
PROJECT_LEADERS = frozenset({DESIGNER, MANAGER})
ANALYTICS = frozenset({RETENTION, MANAGER, DATA, AUDITOR})
STEERERS = frozenset({MANAGER})
# Who imports, and who releases an import as second person.
IMPORTERS = frozenset({ONBOARDING, OFFICER})
EXPORTERS = frozenset({OFFICER, RETENTION, MANAGER})
BATCH_READERS = IMPORTERS | {AUDITOR}
ENQUIRERS = SERVERS | {OFFICER}
ENQUIRY_READERS = ENQUIRERS | {MANAGER, AUDITOR}
FEEDBACK_READERS = SERVERS | {OFFICER, MANAGER, AUDITOR}
ACTION_READERS = SERVERS | {MANAGER, AUDITOR}
INTERACTION_READERS = SERVERS | {MANAGER, AUDITOR}
# Who sees possible duplicates and merges, who decides them, who sees and changes their rules.
DUPLICATE_READERS = READERS - {ANALYST}
MERGERS = frozenset({ONBOARDING, OFFICER})
# Who reads what customers are asked by when they consent: all who read the consents.
WORDING_READERS = READERS | {ADMIN}
RULES_READERS = frozenset({ONBOARDING, OFFICER, MANAGER, AUDITOR, ADMIN})
RULES_WRITERS = frozenset({MANAGER, ADMIN})
# Who reads what the assistant may say, and who writes it.
ARTICLE_READERS = ADVISERS | {ONBOARDING, OFFICER, MANAGER, AUDITOR, ADMIN}
ARTICLE_WRITERS = frozenset({ONBOARDING, MANAGER, ADMIN})
ARTICLE = {"name": "contact"}
INTEREST = {"code": "interest"}
HOME_LOAN = {"slug": "home-loan"}
INSIGHTS, DNA_VALUES = {"kind": "insights"}, {"kind": "values"}
VELOCITY = {"kind": "velocity"}
NO_SUCH = "01a00000-0000-7000-8000-000000000000"
# A record of the branch in Aarhus: the adviser there, and whose reach is everything.
AARHUS = ROLES - {ELSEWHERE, ADMIN}
OWN = frozenset({ADVISER})


@dataclass(frozen=True)
class Row:
    """
    :param who: the roles that pass
    :param record: the kind of record the route is about (`matrix_samples.py`), which stands in Aarhus
        in the adviser's portfolio
    :param reach: whose reach has that record; the others are told 404
    :param hidden: who is told 404 before their permission is asked
    :param query: the query that the address needs, with the record as `{pk}`
    :param more: further parts of the address
    :param public: open to the whole world
    :param customers: for customers alone: nobody of the bank is signed in there
    """

    who: frozenset[str] = frozenset()
    record: str = ""
    reach: frozenset[str] = AARHUS
    hidden: frozenset[str] = frozenset()
    query: str = ""
    more: dict[str, str] = field(default_factory=dict)
    public: bool = False
    customers: bool = False


PUBLIC = Row(public=True)
CUSTOMERS = Row(customers=True)

API = {
    "api:approvals-list GET": Row(EVERYBODY),
    "api:approvals-detail GET": Row(EVERYBODY, "approval", frozenset({OFFICER})),
    "api:approvals-reject POST": Row(EVERYBODY, "approval", frozenset({OFFICER})),
    "api:events-list GET": Row(AUDIT),
    "api:jobs-list GET": Row(EVERYBODY),
    "api:jobs-detail GET": Row(EVERYBODY, "job", OWN | ALL_JOBS),
    "api:jobs-errors GET": Row(EVERYBODY, "job", OWN | ALL_JOBS),
    "api:jobs-result GET": Row(EVERYBODY, "job", OWN | ALL_JOBS),
    "api:jobs-cancel POST": Row(EVERYBODY, "job", OWN | ALL_JOBS),
    "api:tasks-list GET": Row(EVERYBODY),
    "api:tasks-list POST": Row(EVERYBODY),
    "api:tasks-detail GET": Row(EVERYBODY, "task", OWN),
    "api:tasks-detail PATCH": Row(EVERYBODY, "task", OWN),
    "api:tasks-finish POST": Row(EVERYBODY, "task", OWN),
    "api:customers-duplicates-list GET": Row(DUPLICATE_READERS),
    "api:customers-duplicates-detail GET": Row(DUPLICATE_READERS, "duplicate pair"),
    "api:customers-duplicates-merge POST": Row(MERGERS, "duplicate pair"),
    "api:customers-duplicates-possible POST": Row(READERS),
    "api:customers-duplicates-search POST": Row(MERGERS),
    "api:customers-duplicates-transitions GET": Row(DUPLICATE_READERS, "duplicate pair"),
    "api:customers-duplicates-perform-transition POST": Row(
        MERGERS, "duplicate pair", hidden=frozenset({ELSEWHERE}), more={"name": "dismiss"}
    ),
    "api:customers-merges-list GET": Row(DUPLICATE_READERS),
    "api:customers-merges-detail GET": Row(DUPLICATE_READERS, "merge"),
    "api:customers-merges-undo POST": Row(MERGERS, "merge"),
    "api:customers-survivorship-rules-list GET": Row(RULES_READERS),
    "api:customers-survivorship-rules-list POST": Row(RULES_WRITERS),
    "api:customers-survivorship-rules-detail GET": Row(
        RULES_READERS, "survivorship rules", EVERYBODY
    ),
    "api:customers-survivorship-rules-transitions GET": Row(
        RULES_READERS, "survivorship rules", EVERYBODY
    ),
    "api:customers-survivorship-rules-perform-transition POST": Row(
        RULES_WRITERS, "survivorship rules", EVERYBODY, more={"name": "propose"}
    ),
    "api:customers-list GET": Row(READERS),
    "api:customers-list POST": Row(SERVERS),
    "api:customers-detail GET": Row(READERS, "customer"),
    "api:customers-detail PATCH": Row(SERVERS, "customer"),
    "api:customers-search POST": Row(READERS),
    "api:customers-import-file POST": Row(frozenset({ONBOARDING})),
    "api:customers-export POST": Row(EXPORTERS),
    "api:consent-wordings-list GET": Row(WORDING_READERS),
    "api:consent-wordings-list POST": Row(RULES_WRITERS),
    "api:consent-wordings-detail GET": Row(WORDING_READERS, "consent wording", EVERYBODY),
    "api:consent-wordings-transitions GET": Row(WORDING_READERS, "consent wording", EVERYBODY),
    "api:consent-wordings-perform-transition POST": Row(
        RULES_WRITERS, "consent wording", EVERYBODY, more={"name": "propose"}
    ),
    "api:customers-consents GET": Row(READERS, "customer"),
    "api:customers-consent-proof GET": Row(
        READERS, "customer", frozenset(), more={"entry": NO_SUCH}
    ),
    "api:customers-may-contact GET": Row(READERS, "customer"),
    "api:customers-consents POST": Row(SERVERS, "customer"),
    "api:customers-documents GET": Row(READERS, "customer"),
    "api:customers-documents POST": Row(SERVERS, "customer"),
    "api:customers-ask-document POST": Row(SERVERS | COMPLIANCE, "customer"),
    "api:documents-list GET": Row(READERS),
    "api:documents-detail GET": Row(READERS, "document"),
    "api:documents-detail PATCH": Row(SERVERS | COMPLIANCE, "document"),
    "api:documents-file GET": Row(SERVERS | CASE_READERS, "document"),
    "api:documents-transitions GET": Row(READERS, "document"),
    "api:documents-perform-transition POST": Row(
        COMPLIANCE | {ONBOARDING},
        "document",
        hidden=frozenset({ELSEWHERE}),
        more={"name": "reject"},
    ),
    "api:customers-holdings GET": Row(READERS, "customer"),
    "api:customers-holdings POST": Row(APPLICATIONS, "customer"),
    "api:customers-identifiers GET": Row(READERS, "customer"),
    "api:customers-identifiers POST": Row(SERVERS, "customer"),
    "api:customers-reveal POST": Row(
        SERVERS | {OFFICER}, "customer", frozenset(), more={"identifier": NO_SUCH}
    ),
    "api:customers-relations GET": Row(READERS, "customer"),
    "api:customers-relations POST": Row(RELATERS, "customer"),
    "api:customers-change-shares POST": Row(
        RELATERS, "customer", frozenset(), more={"relation": NO_SUCH}
    ),
    "api:customers-end-relation POST": Row(
        RELATERS, "customer", frozenset(), more={"relation": NO_SUCH}
    ),
    "api:customers-beneficial-owners GET": Row(READERS, "customer"),
    "api:customers-timeline GET": Row(READERS, "customer"),
    "api:customers-transitions GET": Row(READERS, "customer"),
    # Stages follow from the stages' own records; a few may be said by hand.
    "api:customers-perform-transition POST": Row(
        frozenset({ONBOARDING}), "customer", hidden=frozenset({ELSEWHERE}), more={"name": "decline"}
    ),
    "api:holdings-list GET": Row(READERS),
    "api:holdings-detail GET": Row(READERS, "holding"),
    "api:holdings-detail PATCH": Row(APPLICATIONS, "holding"),
    "api:holdings-close POST": Row(APPLICATIONS, "holding"),
    "api:holdings-renew POST": Row(APPLICATIONS, "holding"),
    "api:customers-eligibility GET": Row(READERS, "customer"),
    "api:transactions-list GET": Row(READERS),
    "api:transactions-list POST": Row(frozenset({ONBOARDING})),
    "api:transactions-import-file POST": Row(frozenset({ONBOARDING})),
    "api:transactions-detail GET": Row(READERS, "transaction"),
    "api:parked-transactions-list GET": Row(frozenset({ONBOARDING, AUDITOR})),
    "api:parked-transactions-detail GET": Row(
        frozenset({ONBOARDING, AUDITOR}), "parked transaction"
    ),
    "api:other-banks-list GET": Row(READERS),
    "api:other-banks-detail GET": Row(READERS, "other bank", EVERYBODY),
    "api:other-accounts-list GET": Row(READERS),
    "api:other-accounts-detail GET": Row(READERS, "other account"),
    "api:account-consents-list GET": Row(READERS),
    "api:account-consents-list POST": Row(SERVERS),
    "api:account-consents-detail GET": Row(READERS, "account consent"),
    "api:account-consents-read-now POST": Row(SERVERS, "account consent"),
    "api:account-consents-transitions GET": Row(READERS, "account consent"),
    "api:account-consents-perform-transition POST": Row(
        SERVERS, "account consent", more={"name": "revoke"}
    ),
    "api:import-batches-list GET": Row(BATCH_READERS),
    "api:import-batches-detail GET": Row(BATCH_READERS, "import batch"),
    "api:import-batches-transitions GET": Row(BATCH_READERS, "import batch"),
    "api:import-batches-perform-transition POST": Row(
        IMPORTERS, "import batch", more={"name": "release"}
    ),
    "api:offers-list GET": Row(READERS),
    "api:offers-list POST": Row(SERVERS),
    "api:offers-detail GET": Row(READERS, "offer"),
    "api:offers-transitions GET": Row(READERS, "offer"),
    "api:offers-perform-transition POST": Row(SERVERS, "offer", more={"name": "accept"}),
    "api:products-list GET": Row(READERS),
    "api:products-list POST": Row(PLANNERS),
    "api:products-detail GET": Row(READERS, "product", EVERYBODY),
    "api:products-detail PATCH": Row(PLANNERS, "product", EVERYBODY),
    "api:save-cases-list POST": Row(SAVERS),
    "api:churn-scores-list GET": Row(ANALYTICS),
    "api:churn-scores-list POST": Row(frozenset({DATA, RETENTION})),
    "api:kpis-list GET": Row(ANALYTICS),
    "api:kpis-detail GET": Row(ANALYTICS, more={"pk": "customers.growth"}),
    "api:ledger-figures-list GET": Row(ANALYTICS),
    "api:ledger-figures-detail GET": Row(ANALYTICS, "ledger figure", EVERYBODY),
    "api:ledger-figures-batch POST": Row(STEERERS),
    "api:churn-scores-detail GET": Row(ANALYTICS, "churn score"),
    "api:models-list GET": Row(ANALYTICS),
    "api:models-train POST": Row(frozenset({DATA})),
    "api:models-detail GET": Row(ANALYTICS, "model version"),
    "api:models-transitions GET": Row(ANALYTICS, "model version"),
    "api:models-perform-transition POST": Row(
        ANALYTICS - {AUDITOR, RETENTION}, "model version", more={"name": "approve"}
    ),
    "api:journeys-list GET": Row(JOURNEY_READERS),
    "api:journeys-detail GET": Row(JOURNEY_READERS, "journey", EVERYBODY),
    "api:journeys-friction GET": Row(JOURNEY_READERS, "journey", EVERYBODY),
    "api:mapping-projects-list GET": Row(JOURNEY_READERS),
    "api:mapping-projects-list POST": Row(PROJECT_LEADERS),
    "api:mapping-projects-detail GET": Row(JOURNEY_READERS, "mapping project", EVERYBODY),
    "api:mapping-projects-detail PATCH": Row(PROJECT_LEADERS, "mapping project", EVERYBODY),
    "api:mapping-projects-transitions GET": Row(JOURNEY_READERS, "mapping project", EVERYBODY),
    "api:mapping-projects-perform-transition POST": Row(
        PROJECT_LEADERS, "mapping project", EVERYBODY, more={"name": "start_research"}
    ),
    "api:touchpoints-list GET": Row(JOURNEY_READERS),
    "api:touchpoints-list POST": Row(frozenset({DESIGNER})),
    "api:touchpoints-detail GET": Row(JOURNEY_READERS, "touchpoint"),
    # Maps tell of nobody: who may see them sees all of them.
    "api:journey-maps-list GET": Row(JOURNEY_READERS),
    "api:journey-maps-list POST": Row(MAP_DRAWERS),
    "api:journey-maps-detail GET": Row(JOURNEY_READERS, "journey map", EVERYBODY),
    "api:journey-maps-detail PATCH": Row(MAP_DRAWERS, "journey map", EVERYBODY),
    "api:journey-map-cards-list GET": Row(JOURNEY_READERS),
    "api:journey-map-cards-list POST": Row(MAP_JOINERS),
    "api:journey-map-cards-detail GET": Row(JOURNEY_READERS, "map card", EVERYBODY),
    "api:journey-map-cards-detail PATCH": Row(MAP_JOINERS, "map card", EVERYBODY),
    # The board of the sample is not shared: whoever may only join others may take nothing away.
    "api:journey-map-cards-detail DELETE": Row(MAP_DRAWERS, "map card", EVERYBODY),
    "api:personas-list GET": Row(JOURNEY_READERS),
    "api:personas-list POST": Row(MAP_DRAWERS),
    "api:personas-detail GET": Row(JOURNEY_READERS, "persona", EVERYBODY),
    "api:personas-detail PATCH": Row(MAP_DRAWERS, "persona", EVERYBODY),
    "api:kyc-cases-list GET": Row(CASE_READERS),
    "api:kyc-cases-list POST": Row(COMPLIANCE),
    "api:kyc-cases-detail GET": Row(CASE_READERS, "case"),
    "api:kyc-cases-make-file POST": Row(CASE_READERS, "case"),
    "api:kyc-cases-transitions GET": Row(CASE_READERS, "case"),
    "api:kyc-cases-perform-transition POST": Row(COMPLIANCE, "case", more={"name": "start_checks"}),
    "api:kyc-hits-list GET": Row(CASE_READERS),
    "api:kyc-hits-detail GET": Row(CASE_READERS, "hit"),
    "api:kyc-hits-decide POST": Row(COMPLIANCE, "hit"),
    "api:kyc-hits-undo POST": Row(COMPLIANCE, "hit"),
    "api:kyc-monitoring-rules-list GET": Row(CASE_READERS),
    "api:kyc-monitoring-rules-list POST": Row(COMPLIANCE),
    "api:kyc-monitoring-rules-detail GET": Row(CASE_READERS, "monitoring rule", EVERYBODY),
    "api:kyc-monitoring-rules-replay POST": Row(COMPLIANCE, "monitoring rule", EVERYBODY),
    "api:kyc-monitoring-rules-replays GET": Row(CASE_READERS, "monitoring rule", EVERYBODY),
    "api:kyc-monitoring-rules-transitions GET": Row(CASE_READERS, "monitoring rule", EVERYBODY),
    "api:kyc-monitoring-rules-perform-transition POST": Row(
        COMPLIANCE, "monitoring rule", EVERYBODY, more={"name": "propose"}
    ),
    "api:kyc-register-discrepancies-list GET": Row(CASE_READERS),
    "api:kyc-register-discrepancies-list POST": Row(COMPLIANCE),
    "api:kyc-register-discrepancies-ask POST": Row(COMPLIANCE),
    "api:kyc-register-discrepancies-detail GET": Row(CASE_READERS, "register discrepancy"),
    "api:kyc-register-discrepancies-settle POST": Row(COMPLIANCE, "register discrepancy"),
    "api:kyc-alerts-list GET": Row(CASE_READERS),
    "api:kyc-alerts-detail GET": Row(CASE_READERS, "alert"),
    "api:kyc-alerts-transitions GET": Row(CASE_READERS, "alert"),
    "api:kyc-alerts-perform-transition POST": Row(COMPLIANCE, "alert", more={"name": "dismiss"}),
    "api:kyc-screenings-list POST": Row(COMPLIANCE),
    "api:kyc-risk-models-list GET": Row(CASE_READERS),
    "api:kyc-risk-models-list POST": Row(COMPLIANCE),
    "api:kyc-risk-models-detail GET": Row(CASE_READERS, "risk model", EVERYBODY),
    "api:kyc-risk-models-detail PATCH": Row(COMPLIANCE, "risk model", EVERYBODY),
    "api:kyc-risk-models-transitions GET": Row(CASE_READERS, "risk model", EVERYBODY),
    "api:kyc-risk-models-perform-transition POST": Row(
        COMPLIANCE, "risk model", EVERYBODY, more={"name": "propose"}
    ),
    "api:kyc-risk-models-back-test POST": Row(COMPLIANCE, "risk model", EVERYBODY),
    "api:kyc-watchlists-list GET": Row(CASE_READERS),
    "api:kyc-watchlists-list POST": Row(frozenset({OFFICER})),
    "api:kyc-watchlists-detail GET": Row(CASE_READERS, "watchlist"),
    "api:leads-list GET": Row(LEAD_READERS),
    "api:leads-list POST": Row(LEADS),
    "api:leads-detail GET": Row(LEAD_READERS, "lead"),
    "api:leads-detail PATCH": Row(LEADS, "lead"),
    "api:leads-matches GET": Row(LEAD_READERS, "lead"),
    "api:leads-touches GET": Row(LEAD_READERS, "lead"),
    "api:leads-touches POST": Row(LEADS, "lead"),
    "api:leads-transitions GET": Row(LEAD_READERS, "lead"),
    "api:leads-perform-transition POST": Row(LEADS, "lead", more={"name": "contact"}),
    "api:campaigns-list GET": Row(LEAD_READERS),
    "api:campaigns-list POST": Row(PLANNERS),
    "api:campaigns-detail GET": Row(LEAD_READERS, "campaign", EVERYBODY),
    "api:campaigns-detail PATCH": Row(PLANNERS, "campaign", EVERYBODY),
    "api:campaigns-costs GET": Row(LEAD_READERS, "campaign", EVERYBODY),
    "api:campaigns-costs POST": Row(PLANNERS, "campaign", EVERYBODY),
    "api:campaigns-results GET": Row(LEAD_READERS, "campaign", EVERYBODY),
    "api:leads-import-file POST": Row(LEAD_IMPORTERS),
    "api:leads-offers GET": Row(LEAD_READERS, "lead"),
    "api:leads-offers POST": Row(LEADS, "lead"),
    "api:campaign-steps-list GET": Row(LEAD_READERS),
    "api:campaign-steps-list POST": Row(PLANNERS),
    "api:campaign-steps-detail GET": Row(LEAD_READERS, "campaign step", EVERYBODY),
    "api:campaign-steps-detail PATCH": Row(PLANNERS, "campaign step", EVERYBODY),
    "api:campaign-offers-list GET": Row(LEAD_READERS),
    "api:campaign-offers-list POST": Row(PLANNERS),
    "api:campaign-offers-detail GET": Row(LEAD_READERS, "campaign offer", EVERYBODY),
    "api:campaign-offers-detail PATCH": Row(PLANNERS, "campaign offer", EVERYBODY),
    "api:lead-steps-list GET": Row(LEAD_READERS),
    "api:lead-steps-detail GET": Row(LEAD_READERS, "lead step"),
    "api:lead-steps-finish POST": Row(LEADS, "lead step"),
    "api:applications-links GET": Row(APPLICATIONS, "application"),
    "api:applications-links POST": Row(APPLICATIONS, "application"),
    "api:applications-revoke-link POST": Row(APPLICATIONS, "application"),
    "api:applications-list GET": Row(APPLICATION_READERS),
    "api:applications-list POST": Row(APPLICATIONS),
    "api:applications-detail GET": Row(APPLICATION_READERS, "application"),
    "api:applications-detail PATCH": Row(APPLICATIONS, "application"),
    "api:applications-transitions GET": Row(APPLICATION_READERS, "application"),
    "api:applications-perform-transition POST": Row(
        APPLICATIONS, "application", more={"name": "submit"}
    ),
    "api:next-best-actions-list GET": Row(ACTION_READERS),
    "api:next-best-actions-detail GET": Row(ACTION_READERS, "next best action"),
    "api:next-best-actions-transitions GET": Row(ACTION_READERS, "next best action"),
    "api:next-best-actions-perform-transition POST": Row(
        SERVERS, "next best action", hidden=frozenset({ELSEWHERE}), more={"name": "reject"}
    ),
    "api:surveys-list GET": Row(FEEDBACK_READERS),
    "api:surveys-list POST": Row(PLANNERS),
    "api:surveys-detail GET": Row(FEEDBACK_READERS, "survey", EVERYBODY),
    "api:surveys-detail PATCH": Row(PLANNERS, "survey", EVERYBODY),
    "api:surveys-links POST": Row(SERVERS, "survey", EVERYBODY),
    "api:surveys-answers GET": Row(FEEDBACK_READERS, "survey", EVERYBODY),
    "api:surveys-results GET": Row(FEEDBACK_READERS, "survey", EVERYBODY),
    "api:enquiries-list GET": Row(ENQUIRY_READERS),
    "api:enquiries-list POST": Row(ENQUIRERS),
    "api:enquiries-detail GET": Row(ENQUIRY_READERS, "enquiry"),
    "api:enquiries-detail PATCH": Row(ENQUIRERS, "enquiry"),
    "api:enquiries-transitions GET": Row(ENQUIRY_READERS, "enquiry"),
    "api:enquiries-perform-transition POST": Row(
        ENQUIRERS, "enquiry", hidden=frozenset({ELSEWHERE}), more={"name": "assign"}
    ),
    "api:application-templates-list GET": Row(TEMPLATE_READERS),
    "api:application-templates-list POST": Row(TEMPLATE_WRITERS),
    "api:application-templates-detail GET": Row(
        TEMPLATE_READERS, "application template", EVERYBODY
    ),
    "api:application-templates-detail PATCH": Row(
        TEMPLATE_WRITERS, "application template", EVERYBODY
    ),
    "api:application-templates-trial POST": Row(
        TEMPLATE_WRITERS, "application template", EVERYBODY
    ),
    "api:application-templates-transitions GET": Row(
        TEMPLATE_READERS, "application template", EVERYBODY
    ),
    "api:application-templates-perform-transition POST": Row(
        TEMPLATE_WRITERS, "application template", EVERYBODY, more={"name": "propose"}
    ),
    "api:messages-list GET": Row(APPLICATION_READERS),
    "api:messages-detail GET": Row(APPLICATION_READERS, "welcome message"),
    "api:articles-list GET": Row(ARTICLE_READERS),
    "api:articles-list POST": Row(ARTICLE_WRITERS),
    "api:articles-detail GET": Row(ARTICLE_READERS, "article", EVERYBODY),
    "api:articles-detail PATCH": Row(ARTICLE_WRITERS, "article", EVERYBODY),
    "api:articles-transitions GET": Row(ARTICLE_READERS, "article", EVERYBODY),
    "api:articles-perform-transition POST": Row(
        ARTICLE_WRITERS, "article", EVERYBODY, more={"name": "propose"}
    ),
    "api:interactions-list GET": Row(INTERACTION_READERS),
    "api:interactions-list POST": Row(SERVERS),
    "api:interactions-detail GET": Row(INTERACTION_READERS, "interaction"),
    "api:save-cases-list GET": Row(SAVE_READERS),
    "api:save-cases-detail GET": Row(SAVE_READERS, "save case"),
    "api:save-cases-detail PATCH": Row(SAVERS, "save case"),
    "api:save-cases-offer POST": Row(SAVERS, "save case"),
    "api:save-cases-transitions GET": Row(SAVE_READERS, "save case"),
    "api:save-cases-perform-transition POST": Row(SAVERS, "save case", more={"name": "assign"}),
    "api:closures-list GET": Row(CLOSURE_READERS),
    "api:closures-list POST": Row(CLOSERS | {OFFICER}),
    "api:closures-detail GET": Row(CLOSURE_READERS, "closure"),
    "api:closures-detail PATCH": Row(CLOSERS, "closure"),
    "api:closures-obligations GET": Row(CLOSURE_READERS, "closure"),
    "api:closures-recheck POST": Row(CLOSERS, "closure"),
    "api:closures-confirm POST": Row(CLOSERS, "closure", frozenset(), more={"obligation": NO_SUCH}),
    "api:closures-waive POST": Row(CLOSERS, "closure", frozenset(), more={"obligation": NO_SUCH}),
    "api:closures-transitions GET": Row(CLOSURE_READERS, "closure"),
    "api:closures-perform-transition POST": Row(CLOSERS, "closure", more={"name": "check"}),
    "api-schema GET": PUBLIC,
    "api-docs GET": PUBLIC,
    "oauth-token POST": PUBLIC,
    "healthz GET": PUBLIC,
}

# Addresses that answer for themselves and are tested where they are: by name or pattern.
ELSEWHERE_TESTED = {
    "api-unknown": "tests/core_api/test_conventions.py",
    "readyz": "tests/core_api/test_resources.py (503 while a service is away)",
    "metrics": "tests/core_api/test_resources.py (a token of its own)",
    "account_*": "the sign-in pages of django-allauth, open to who is not signed in",
    "mfa_*": "the second factor of django-allauth, each person's own",
    "my:start": "tests/mypage/test_signing_in.py (leads to the identity provider)",
    "my:back": "tests/mypage/test_signing_in.py (comes from the identity provider)",
}

PAGES = {
    "web:home GET": Row(EVERYBODY),
    "web:badges GET": Row(EVERYBODY),
    "web:notifications GET": Row(EVERYBODY),
    "web:finish_task POST": Row(EVERYBODY, "task", OWN),
    "web:command POST": Row(EVERYBODY),
    "web:preferences POST": PUBLIC,  # language and theme of the sign-in page
    "web:settings GET": Row(EVERYBODY),
    "web:settings POST": Row(EVERYBODY),
    "web:session GET": Row(EVERYBODY),
    "web:session POST": Row(EVERYBODY),
    "web:save_view POST": Row(EVERYBODY),
    "web:approvals GET": Row(EVERYBODY),
    "web:approval GET": Row(EVERYBODY, "approval", frozenset({OFFICER})),
    "web:approval POST": Row(EVERYBODY, "approval", frozenset({OFFICER})),
    "web:jobs GET": Row(EVERYBODY),
    "web:job GET": Row(EVERYBODY, "job", OWN | ALL_JOBS),
    "web:cancel_job POST": Row(EVERYBODY, "job", OWN | ALL_JOBS),
    "web:job_result GET": Row(EVERYBODY, "job", OWN | ALL_JOBS),
    "web:audit GET": Row(AUDIT),
    "web:access_log GET": Row(AUDIT),
    "web:verify_audit POST": Row(AUDIT),
    "web:event GET": Row(AUDIT, "event"),
    # Stages of a customer follow from the stages' own records; a few may be said by hand.
    "web:transition POST": Row(
        frozenset({ONBOARDING}),
        "customer",
        hidden=frozenset({ELSEWHERE, ADMIN, NO_ROLE}),
        more={"app": "customers", "model": "customer", "name": "decline"},
    ),
    "customers:list GET": Row(READERS),
    "customers:board GET": Row(READERS),
    "customers:search POST": Row(READERS),
    "customers:new GET": Row(SERVERS),
    "customers:new POST": Row(SERVERS),
    "customers:export GET": Row(EXPORTERS),
    "customers:export POST": Row(EXPORTERS),
    "customers:access POST": Row(SERVERS | {OFFICER}, "customer"),
    "customers:products GET": Row(READERS),
    "customers:new_product GET": Row(PLANNERS),
    "customers:new_product POST": Row(PLANNERS),
    "customers:product GET": Row(PLANNERS, "product", EVERYBODY),
    "customers:product POST": Row(PLANNERS, "product", EVERYBODY),
    "customers:mappings GET": Row(frozenset({ONBOARDING})),
    "customers:mappings POST": Row(frozenset({ONBOARDING})),
    "customers:mapping GET": Row(frozenset({ONBOARDING})),
    "customers:mapping POST": Row(frozenset({ONBOARDING})),
    "customers:import GET": Row(IMPORTERS),
    "customers:import POST": Row(IMPORTERS),
    "customers:customer GET": Row(READERS, "customer"),
    "customers:duplicates GET": Row(DUPLICATE_READERS),
    "customers:search_duplicates POST": Row(MERGERS),
    "customers:duplicate GET": Row(DUPLICATE_READERS, "duplicate pair"),
    "customers:decide_duplicate POST": Row(MERGERS, "duplicate pair"),
    "customers:merge GET": Row(DUPLICATE_READERS, "merge"),
    "customers:undo_merge POST": Row(MERGERS, "merge"),
    "customers:survivorship GET": Row(RULES_READERS),
    "customers:survivorship POST": Row(RULES_READERS),
    "customers:value GET": Row(SERVERS, "customer", more={"field": "language"}),
    "customers:value POST": Row(SERVERS, "customer", more={"field": "language"}),
    "customers:edit GET": Row(SERVERS, "customer"),
    "customers:edit POST": Row(SERVERS, "customer"),
    "customers:moves GET": Row(READERS, "customer"),
    "customers:document POST": Row(SERVERS | COMPLIANCE, "document"),
    "customers:document_file GET": Row(SERVERS | CASE_READERS, "document"),
    "customers:upload_document POST": Row(SERVERS, "customer"),
    "customers:ask_document POST": Row(SERVERS | COMPLIANCE, "customer"),
    "customers:consent POST": Row(SERVERS, "customer"),
    "customers:proof GET": Row(READERS, "customer", frozenset(), more={"entry": NO_SUCH}),
    "customers:laws GET": Row(CASE_READERS | {ADMIN}),
    "customers:robinson GET": Row(frozenset({OFFICER, MANAGER})),
    "customers:robinson POST": Row(frozenset({OFFICER, MANAGER})),
    "customers:wordings GET": Row(WORDING_READERS),
    "customers:wordings POST": Row(WORDING_READERS),
    "customers:add_relation POST": Row(RELATERS, "customer"),
    "customers:end_relation POST": Row(
        RELATERS, "customer", frozenset(), more={"relation": NO_SUCH}
    ),
    "customers:transactions GET": Row(frozenset({ONBOARDING, AUDITOR})),
    "customers:transactions POST": Row(frozenset({ONBOARDING, AUDITOR})),
    "customers:settle_parked POST": Row(frozenset({ONBOARDING})),
    "customers:renew POST": Row(APPLICATIONS, "holding"),
    "customers:ask_account_consent POST": Row(SERVERS, "customer"),
    "customers:revoke_account_consent POST": Row(SERVERS, "account consent"),
    "customers:read_accounts POST": Row(SERVERS, "account consent"),
    "customers:reveal POST": Row(
        SERVERS | {OFFICER}, "customer", frozenset(), more={"identifier": NO_SUCH}
    ),
    "acquisition:board GET": Row(LEAD_READERS),
    "acquisition:leads GET": Row(LEAD_READERS),
    "acquisition:lead GET": Row(LEAD_READERS, "lead"),
    "acquisition:moves GET": Row(LEAD_READERS, "lead"),
    "acquisition:new_lead GET": Row(LEADS),
    "acquisition:new_lead POST": Row(LEADS),
    "acquisition:edit_lead GET": Row(LEADS, "lead"),
    "acquisition:edit_lead POST": Row(LEADS, "lead"),
    "acquisition:take_lead POST": Row(LEADS, "lead"),
    "acquisition:campaigns GET": Row(LEAD_READERS),
    "acquisition:steps GET": Row(LEAD_READERS),
    "acquisition:finish_step POST": Row(LEADS, "lead"),
    "acquisition:offer POST": Row(LEADS, "lead"),
    "acquisition:new_step GET": Row(PLANNERS, "campaign"),
    "acquisition:new_step POST": Row(PLANNERS, "campaign"),
    "acquisition:new_incentive GET": Row(PLANNERS, "campaign"),
    "acquisition:new_incentive POST": Row(PLANNERS, "campaign"),
    "acquisition:edit_step GET": Row(PLANNERS, "campaign step"),
    "acquisition:edit_step POST": Row(PLANNERS, "campaign step"),
    "acquisition:edit_incentive GET": Row(PLANNERS, "campaign offer"),
    "acquisition:edit_incentive POST": Row(PLANNERS, "campaign offer"),
    "acquisition:erasures GET": Row(ERASERS | {AUDITOR}),
    "acquisition:ask_erasure POST": Row(ERASERS),
    "acquisition:certificate GET": Row(
        ERASERS | {AUDITOR}, "lead erasure", frozenset({OFFICER, MANAGER, AUDITOR})
    ),
    "acquisition:results GET": Row(LEAD_READERS),
    "acquisition:campaign GET": Row(LEAD_READERS, "campaign", EVERYBODY),
    "acquisition:enter_cost POST": Row(PLANNERS, "campaign"),
    "acquisition:new_form GET": Row(PLANNERS, "campaign"),
    "acquisition:new_form POST": Row(PLANNERS, "campaign"),
    "acquisition:edit_form GET": Row(PLANNERS, "capture form"),
    "acquisition:edit_form POST": Row(PLANNERS, "capture form"),
    "acquisition:import GET": Row(LEAD_IMPORTERS),
    "acquisition:import POST": Row(LEAD_IMPORTERS),
    # Whoever is interested says so: the form is open to the world.
    "acquisition:interest GET": Row(public=True, record="capture form", more=INTEREST),
    "acquisition:interest POST": Row(public=True, record="capture form", more=INTEREST),
    "acquisition:new_campaign GET": Row(PLANNERS),
    "acquisition:new_campaign POST": Row(PLANNERS),
    "acquisition:edit_campaign GET": Row(PLANNERS, "campaign"),
    "acquisition:edit_campaign POST": Row(PLANNERS, "campaign"),
    "onboarding:queue GET": Row(APPLICATION_READERS),
    "onboarding:application GET": Row(APPLICATION_READERS, "application"),
    "onboarding:make_link POST": Row(APPLICATIONS, "application"),
    "onboarding:revoke_link POST": Row(APPLICATIONS, "application"),
    "onboarding:assign POST": Row(frozenset({ONBOARDING}), "application"),
    "onboarding:refuse POST": Row(frozenset({ONBOARDING}), "application"),
    "onboarding:review POST": Row(frozenset({ONBOARDING}), "refused application"),
    "onboarding:back POST": Row(frozenset({ONBOARDING}), "application task"),
    "onboarding:task POST": Row(APPLICATIONS, "application task"),
    "onboarding:welcome GET": Row(APPLICATION_READERS),
    "onboarding:ask POST": Row(APPLICATION_READERS, "application"),
    "onboarding:reply POST": Row(APPLICATIONS, "customer question"),
    "assistant:articles GET": Row(ARTICLE_READERS),
    "assistant:new GET": Row(ARTICLE_WRITERS),
    "assistant:new POST": Row(ARTICLE_WRITERS),
    "assistant:try POST": Row(ARTICLE_READERS),
    "assistant:article GET": Row(ARTICLE_READERS, more=ARTICLE),
    "assistant:article POST": Row(ARTICLE_READERS, more=ARTICLE),
    "onboarding:new GET": Row(APPLICATIONS),
    "onboarding:open GET": Row(APPLICATIONS, "customer"),
    "onboarding:open POST": Row(APPLICATIONS, "customer"),
    "onboarding:measures GET": Row(APPLICATION_READERS),
    "onboarding:templates GET": Row(TEMPLATE_READERS),
    "onboarding:template-import GET": Row(TEMPLATE_WRITERS),
    "onboarding:template-import POST": Row(TEMPLATE_WRITERS),
    "onboarding:template GET": Row(TEMPLATE_READERS, "application template", EVERYBODY),
    "onboarding:template-draft POST": Row(TEMPLATE_WRITERS, "application template", EVERYBODY),
    "onboarding:template-edit GET": Row(TEMPLATE_WRITERS, "application template", EVERYBODY),
    "onboarding:template-edit POST": Row(TEMPLATE_WRITERS, "application template", EVERYBODY),
    "onboarding:template-trial POST": Row(TEMPLATE_WRITERS, "application template", EVERYBODY),
    "onboarding:template-yaml GET": Row(TEMPLATE_READERS, "application template", EVERYBODY),
    "kyc:queue GET": Row(CASE_READERS),
    "kyc:case GET": Row(CASE_READERS, "case"),
    "kyc:case_file POST": Row(CASE_READERS, "case"),
    "kyc:assign POST": Row(COMPLIANCE),
    "kyc:together POST": Row(COMPLIANCE),
    "kyc:share-out GET": Row(COMPLIANCE),
    "kyc:share-out POST": Row(COMPLIANCE),
    "kyc:team GET": Row(COMPLIANCE),
    "kyc:team POST": Row(frozenset({OFFICER})),
    "kyc:case-worker POST": Row(COMPLIANCE),
    "kyc:register GET": Row(COMPLIANCE, "organisation case"),
    "kyc:register POST": Row(COMPLIANCE, "organisation case"),
    "kyc:ask-register POST": Row(COMPLIANCE, "organisation case"),
    "kyc:settle POST": Row(COMPLIANCE, "register discrepancy"),
    "kyc:hit GET": Row(CASE_READERS, "hit"),
    "kyc:decide POST": Row(COMPLIANCE, "hit"),
    "kyc:undo POST": Row(COMPLIANCE, "hit"),
    "kyc:alerts GET": Row(CASE_READERS),
    "kyc:alert GET": Row(CASE_READERS, "alert"),
    "kyc:rules GET": Row(CASE_READERS),
    "kyc:rule GET": Row(CASE_READERS, more=VELOCITY),
    "kyc:rule POST": Row(COMPLIANCE, more=VELOCITY),
    "kyc:replay POST": Row(COMPLIANCE, "monitoring rule", EVERYBODY),
    "kyc:lists GET": Row(CASE_READERS),
    "kyc:accept POST": Row(frozenset({OFFICER}), "watchlist version"),
    "kyc:discard POST": Row(frozenset({OFFICER}), "watchlist version"),
    "kyc:upload GET": Row(frozenset({OFFICER})),
    "kyc:upload POST": Row(frozenset({OFFICER})),
    "kyc:culture GET": Row(CULTURE),
    "kyc:policies GET": Row(EVERYBODY),
    "kyc:policies POST": Row(frozenset({OFFICER})),
    "kyc:attest POST": Row(EVERYBODY),
    "kyc:quality GET": Row(COMPLIANCE),
    "kyc:quality POST": Row(frozenset({OFFICER})),
    "kyc:examine POST": Row(COMPLIANCE),
    "kyc:warning GET": Row(CULTURE),
    "kyc:behind GET": Row(CULTURE),
    "kyc:gaps GET": Row(CASE_READERS),
    "kyc:gaps-look POST": Row(COMPLIANCE),
    "kyc:gaps-file GET": Row(CASE_READERS),
    "kyc:risk-models GET": Row(CASE_READERS),
    "kyc:risk-model GET": Row(CASE_READERS, "risk model", EVERYBODY),
    "kyc:risk-draft GET": Row(COMPLIANCE),
    "kyc:risk-draft POST": Row(COMPLIANCE),
    "kyc:risk-edit GET": Row(COMPLIANCE, "risk model", EVERYBODY),
    "kyc:risk-edit POST": Row(COMPLIANCE, "risk model", EVERYBODY),
    "kyc:risk-back-test POST": Row(COMPLIANCE, "risk model", EVERYBODY),
    "kyc:risk-moves GET": Row(COMPLIANCE, "risk model", EVERYBODY),
    # An auditor passes the door, and sees what was opened to them: here nothing.
    "kyc:reports GET": Row(REPORT_READERS),
    "kyc:report-start POST": Row(COMPLIANCE),
    "kyc:report GET": Row(REPORT_READERS, "suspicion report", COMPLIANCE),
    "kyc:report POST": Row(REPORT_READERS, "suspicion report", COMPLIANCE),
    "kyc:report-step POST": Row(
        COMPLIANCE, "suspicion report", COMPLIANCE, more={"step": "withdraw"}
    ),
    "kyc:report-file POST": Row(frozenset({OFFICER}), "suspicion report", COMPLIANCE),
    "kyc:report-access POST": Row(frozenset({OFFICER}), "suspicion report", COMPLIANCE),
    "kyc:screening GET": Row(COMPLIANCE),
    "kyc:screening POST": Row(COMPLIANCE),
    "journeys:journeys GET": Row(JOURNEY_READERS),
    # Projects are the bank's; what is measured in them obeys the reach.
    "journeys:projects GET": Row(JOURNEY_READERS),
    "journeys:new_project GET": Row(PROJECT_LEADERS),
    "journeys:new_project POST": Row(PROJECT_LEADERS),
    "journeys:project GET": Row(JOURNEY_READERS, "mapping project", EVERYBODY),
    "journeys:edit_project GET": Row(PROJECT_LEADERS, "mapping project", EVERYBODY),
    "journeys:edit_project POST": Row(PROJECT_LEADERS, "mapping project", EVERYBODY),
    "journeys:impact GET": Row(JOURNEY_READERS, "mapping project", EVERYBODY),
    "journeys:place POST": Row(PROJECT_LEADERS, "mapping project", EVERYBODY),
    "journeys:deliver POST": Row(JOURNEY_READERS, "mapping project", EVERYBODY),
    "journeys:add_part POST": Row(PROJECT_LEADERS, "mapping project", EVERYBODY, more=INSIGHTS),
    "journeys:part GET": Row(PROJECT_LEADERS, "insight", EVERYBODY, more=INSIGHTS),
    "journeys:part POST": Row(PROJECT_LEADERS, "insight", EVERYBODY, more=INSIGHTS),
    "journeys:effect GET": Row(JOURNEY_READERS, "planned action", EVERYBODY),
    "journeys:finish_action POST": Row(PROJECT_LEADERS, "planned action", EVERYBODY),
    "journeys:dna GET": Row(JOURNEY_READERS),
    "journeys:new_known GET": Row(PROJECT_LEADERS, more=DNA_VALUES),
    "journeys:new_known POST": Row(PROJECT_LEADERS, more=DNA_VALUES),
    "journeys:known GET": Row(PROJECT_LEADERS, "bank value", EVERYBODY, more=DNA_VALUES),
    "journeys:known POST": Row(PROJECT_LEADERS, "bank value", EVERYBODY, more=DNA_VALUES),
    # A journey is everybody's who may see journeys; what is counted in it obeys the reach.
    "journeys:friction GET": Row(JOURNEY_READERS, "journey", EVERYBODY, more=HOME_LOAN),
    "journeys:customers GET": Row(JOURNEY_READERS, "journey", EVERYBODY, more=HOME_LOAN),
    "journeys:maps GET": Row(JOURNEY_READERS),
    "journeys:map-new GET": Row(MAP_DRAWERS),
    "journeys:map-new POST": Row(MAP_DRAWERS),
    "journeys:map GET": Row(JOURNEY_READERS, "journey map", EVERYBODY),
    "journeys:map-edit GET": Row(MAP_DRAWERS, "journey map", EVERYBODY),
    "journeys:map-edit POST": Row(MAP_DRAWERS, "journey map", EVERYBODY),
    "journeys:map-board GET": Row(JOURNEY_READERS, "journey map", EVERYBODY),
    # What is done there asks again: whether the board is shared, and who draws.
    "journeys:map-do POST": Row(JOURNEY_READERS, "journey map", EVERYBODY),
    "journeys:map-export POST": Row(JOURNEY_READERS, "journey map", EVERYBODY),
    "journeys:map-fit GET": Row(JOURNEY_READERS, "journey map", EVERYBODY),
    "journeys:map-version GET": Row(
        JOURNEY_READERS, "journey map", frozenset(), more={"version": NO_SUCH}
    ),
    "journeys:personas GET": Row(JOURNEY_READERS),
    "journeys:persona-new GET": Row(MAP_DRAWERS),
    "journeys:persona-new POST": Row(MAP_DRAWERS),
    "journeys:persona GET": Row(JOURNEY_READERS, "persona", EVERYBODY),
    "journeys:persona POST": Row(MAP_DRAWERS, "persona", EVERYBODY),
    "analytics:churn GET": Row(ANALYTICS),
    "analytics:kpis GET": Row(ANALYTICS),
    "analytics:kpi GET": Row(ANALYTICS, more={"name": "customers.growth"}),
    "analytics:kpi POST": Row(STEERERS, more={"name": "customers.growth"}),
    "analytics:benefits GET": Row(ANALYTICS),
    "analytics:ledger GET": Row(ANALYTICS),
    "analytics:ledger POST": Row(STEERERS),
    "analytics:model GET": Row(ANALYTICS, "model version"),
    "analytics:score GET": Row(ANALYTICS, "churn score"),
    "analytics:score-now POST": Row(frozenset({DATA, RETENTION})),
    "analytics:train POST": Row(frozenset({DATA})),
    "engagement:index GET": Row(INTERACTION_READERS),
    "engagement:new GET": Row(SERVERS, "customer"),
    "engagement:new POST": Row(SERVERS, "customer"),
    "engagement:enquiries GET": Row(ENQUIRY_READERS),
    "engagement:assign POST": Row(ENQUIRERS),
    "engagement:enquiry GET": Row(ENQUIRY_READERS, "enquiry"),
    "engagement:ask POST": Row(ENQUIRERS, "enquiry"),
    # A complaint is answered by who handles complaints.
    "engagement:answer POST": Row(frozenset({OFFICER}), "enquiry", hidden=frozenset({ELSEWHERE})),
    "engagement:actions GET": Row(ACTION_READERS),
    "engagement:why GET": Row(ACTION_READERS, "customer"),
    "engagement:answer_action POST": Row(SERVERS, "next best action"),
    "engagement:propose POST": Row(PLANNERS),
    "engagement:feedback GET": Row(FEEDBACK_READERS),
    "engagement:answers GET": Row(FEEDBACK_READERS),
    "engagement:feedback_import GET": Row(PLANNERS),
    "engagement:feedback_import POST": Row(PLANNERS),
    "engagement:themes POST": Row(PLANNERS),
    "engagement:new_survey GET": Row(PLANNERS),
    "engagement:new_survey POST": Row(PLANNERS),
    "engagement:survey GET": Row(FEEDBACK_READERS, "survey", EVERYBODY),
    "engagement:edit_survey GET": Row(PLANNERS, "survey", EVERYBODY),
    "engagement:edit_survey POST": Row(PLANNERS, "survey", EVERYBODY),
    "engagement:invite POST": Row(PLANNERS, "survey", EVERYBODY),
    "engagement:hand_over POST": Row(SERVERS, "customer", frozenset()),
    "survey:answer GET": Row(public=True, more={"secret": "none"}),
    "survey:answer POST": Row(public=True, more={"secret": "none"}),
    "engagement:new_enquiry GET": Row(ENQUIRERS, "customer"),
    "engagement:new_enquiry POST": Row(ENQUIRERS, "customer"),
    "retention:board GET": Row(SAVE_READERS),
    "retention:cases GET": Row(SAVE_READERS),
    "retention:case GET": Row(SAVE_READERS, "save case"),
    "retention:moves GET": Row(SAVE_READERS, "save case"),
    "retention:offer POST": Row(SAVERS, "save case"),
    "retention:assign POST": Row(SAVERS, "save case"),
    "retention:wish POST": Row(SAVERS, "save case"),
    "my:login GET": PUBLIC,
    "my:logout POST": CUSTOMERS,
    # The secret of a link is the key to its pages; without one each says that it does not work.
    "link:begin GET": Row(public=True, more={"secret": "none"}),
    "link:begin POST": Row(public=True, more={"secret": "none"}),
    "link:home GET": PUBLIC,
    "link:identity GET": PUBLIC,
    "link:identity_back GET": PUBLIC,
    "link:task GET": Row(public=True, more={"key": "person"}),
    "link:task POST": Row(public=True, more={"key": "person"}),
    "link:consents GET": PUBLIC,
    "link:consents POST": PUBLIC,
    "link:send POST": PUBLIC,
    "link:ask GET": PUBLIC,
    "link:ask POST": PUBLIC,
    "link:later POST": PUBLIC,
    "link:contest POST": PUBLIC,
    "my:home GET": CUSTOMERS,
    "my:details GET": CUSTOMERS,
    "my:correction GET": Row(customers=True, more={"field": "occupation"}),
    "my:correction POST": Row(customers=True, more={"field": "occupation"}),
    "my:accounts GET": CUSTOMERS,
    "my:relations GET": CUSTOMERS,
    "my:enquiries GET": CUSTOMERS,
    "my:enquiries POST": CUSTOMERS,
    "my:consents GET": CUSTOMERS,
    "my:consents POST": CUSTOMERS,
    "my:stop_reading POST": CUSTOMERS,
    "my:documents GET": CUSTOMERS,
    "my:documents POST": CUSTOMERS,
    "my:document_file GET": CUSTOMERS,
    "my:data GET": CUSTOMERS,
    "my:data POST": CUSTOMERS,
    "my:file GET": CUSTOMERS,
    "my:application GET": CUSTOMERS,
    "my:application POST": CUSTOMERS,
    "my:leaving GET": CUSTOMERS,
    "my:leaving POST": CUSTOMERS,
    "offboarding:list GET": Row(CLOSURE_READERS),
    "offboarding:new GET": Row(CLOSERS | {OFFICER}, "customer", query="customer={pk}"),
    "offboarding:new POST": Row(CLOSERS | {OFFICER}, "customer", query="customer={pk}"),
    "offboarding:closure GET": Row(CLOSURE_READERS, "closure"),
    "offboarding:exit POST": Row(CLOSERS, "closure"),
    "offboarding:recheck POST": Row(CLOSERS, "closure"),
    "offboarding:confirm POST": Row(CLOSERS, "closure", frozenset(), more={"obligation": NO_SUCH}),
    "offboarding:waive POST": Row(CLOSERS, "closure", frozenset(), more={"obligation": NO_SUCH}),
}

# The administrator's workbench: staff only, whatever the model.
ADMIN_PAGES = {"admin:*": Row(frozenset({ADMIN}))}

ROWS = {**API, **PAGES}
