"""What customers ask a person of the bank."""

from django.db.models import QuerySet

from clm.core.models import User
from onboarding.models import Application, CustomerQuestion
from onboarding.selectors.applications import visible_applications


def visible_questions(*, actor: User) -> QuerySet[CustomerQuestion]:
    """Questions about applications that the actor reaches."""
    return CustomerQuestion.objects.filter(
        application__in=visible_applications(actor=actor).order_by()
    )


def questions_of(*, application: Application) -> list[CustomerQuestion]:
    """One application's questions, those that wait first, then the newest."""
    found = CustomerQuestion.objects.filter(application=application).select_related("replied_by")
    return sorted(found.order_by("-created_at", "-id"), key=lambda one: one.replied_at is not None)
