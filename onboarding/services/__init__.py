"""Writing applications: opening, answering, assigning; and what follows events elsewhere."""

from onboarding.services.answers import answer_task
from onboarding.services.applications import (
    assign_officer,
    change_application,
    expire_abandoned,
    open_for_customer,
    send_in,
)
from onboarding.services.back import go_back
from onboarding.services.checks import complete_check, reopen_check
from onboarding.services.documents import documents_changed, hand_in_document
from onboarding.services.guardians import record_guardians, show_guardian
from onboarding.services.identities import keep_identity, show_identity
from onboarding.services.links import LASTS as LINK_LASTS
from onboarding.services.links import (
    answer_consents,
    make_link,
    note_abandoned,
    note_leaving,
    note_visit,
    revoke_link,
)
from onboarding.services.questions import hand_over, reply_to
from onboarding.services.reactions import (
    activate_application,
    applications_end,
    begin_verification,
    continue_application,
    customer_is_declined,
    customer_is_withdrawn,
    customer_starts_onboarding,
    keep_clock,
    open_application,
    refer_application,
    resume_verification,
)
from onboarding.services.refusals import answer_contest, contest, refuse, write_refusal
from onboarding.services.templates import (
    change_template,
    draft_template,
    import_template,
    keep_trial,
    replace_template,
    start_trial,
)
from onboarding.services.welcome import (
    begin_welcome,
    note_milestones,
    send_message,
)

__all__ = [
    "LINK_LASTS",
    "activate_application",
    "answer_consents",
    "answer_contest",
    "answer_task",
    "applications_end",
    "assign_officer",
    "begin_verification",
    "begin_welcome",
    "change_application",
    "change_template",
    "complete_check",
    "contest",
    "continue_application",
    "customer_is_declined",
    "customer_is_withdrawn",
    "customer_starts_onboarding",
    "documents_changed",
    "draft_template",
    "expire_abandoned",
    "go_back",
    "hand_in_document",
    "hand_over",
    "import_template",
    "keep_clock",
    "keep_identity",
    "keep_trial",
    "make_link",
    "note_abandoned",
    "note_leaving",
    "note_milestones",
    "note_visit",
    "open_application",
    "open_for_customer",
    "record_guardians",
    "refer_application",
    "refuse",
    "reopen_check",
    "replace_template",
    "reply_to",
    "resume_verification",
    "revoke_link",
    "send_in",
    "send_message",
    "show_guardian",
    "show_identity",
    "start_trial",
    "write_refusal",
]
