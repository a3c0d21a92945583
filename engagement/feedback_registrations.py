"""What surveys and feedback tell the rest of the house about themselves."""

from django.utils.translation import gettext_lazy as _

from clm.core import registries
from clm.core.kpis import register_folder


def register() -> None:
    """Called once, with engagement's other registrations."""
    from engagement import feedback_job, kpis  # noqa: F401 (the jobs register their kinds)
    from engagement.models import Feedback, SurveyInvitation
    from engagement.web import feedback_panels as panels

    register_folder(package=kpis)
    registries.panels.register(
        registries.Panel(
            name="engagement.feedback",
            title=_("What the customer thinks"),
            place="customer",
            template="engagement/_customer_feedback.html",
            context=panels.customer,
            reads=panels.customer_reads,
            permission="engagement.view_feedback",
            order=60,
        )
    )
    registries.personal_data.register(
        registries.PersonalData(
            model=SurveyInvitation,
            category=_("Surveys"),
            fields=["made_at", "channel", "sending", "answered_at"],
            own=["made_at", "channel", "answered_at"],
        )
    )
    registries.personal_data.register(
        registries.PersonalData(
            model=Feedback,
            category=_("Surveys"),
            fields=["measure", "score", "text", "said_at"],
            blank={"text": ""},
            own=["measure", "score", "text", "said_at"],
        )
    )
    # Both records may have been asked by the same survey: each keeps what it was asked.
    registries.merge_handlers.register(
        registries.MergeHandler(model=SurveyInvitation, clash="stay")
    )
    registries.merge_handlers.register(registries.MergeHandler(model=Feedback))
