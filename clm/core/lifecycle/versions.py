"""Rules kept as versions: the states that every one of their machines goes through."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RulesState(models.TextChoices):
    """Drafted, asked about, put in force by a second person, replaced by the next version."""

    DRAFT = "DRAFT", _("Draft")
    PENDING = "PENDING", _("Awaiting approval")
    IN_FORCE = "IN_FORCE", _("In force")
    RETIRED = "RETIRED", _("Retired")
