"""Letters that say no: whose they are, and who looks at a decision again."""

from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet
from django.urls import reverse

from clm.core.models import User
from customers.models import Customer
from onboarding.lifecycle import OPEN_STATES, ApplicationState
from onboarding.models import Application, RefusalLetter
from onboarding.refusals import BASIC_ACCOUNT


def is_basic(*, application: Application) -> bool:
    """Whether it is about a basic payment account."""
    return application.product is not None and application.product.code == BASIC_ACCOUNT


def letter_of(*, application: Application) -> RefusalLetter | None:
    """The letter that says no."""
    return (
        RefusalLetter.objects.filter(application=application)
        .select_related("by", "reviewer", "following", "application__customer")
        .first()
    )


def letters_to(*, customer: Customer) -> QuerySet[RefusalLetter]:
    """A customer's letters, the newest first."""
    return (
        RefusalLetter.objects.filter(application__customer=customer)
        .select_related("application__product", "application__template")
        .order_by("-written_at")
    )


def deciders() -> list[User]:
    """Those whose role lets them decide applications."""
    roles = [
        name
        for name, role in settings.CLM_ROLES.items()
        if "onboarding.decline_application" in role.permissions
    ]
    return list(
        User.objects.filter(is_active=True, is_robot=False, groups__name__in=roles).distinct()
    )


def open_by_officer() -> dict[UUID, int]:
    """How many open applications each officer has; drafts are the customers' own."""
    rows = (
        Application.objects.filter(state__in=OPEN_STATES, officer__isnull=False)
        .exclude(state=ApplicationState.DRAFT)
        .order_by()
        .values_list("officer")
        .annotate(total=Count("pk"))
    )
    return {officer: int(total) for officer, total in rows if officer is not None}


def place_of(*, application: Application) -> str:
    return reverse("onboarding:application", args=[application.pk])
