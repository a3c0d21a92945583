"""The life of an article: drafted by one, put in force by another, replaced by its next version."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import RulesState, StateField, transition


class ArticleLifecycle(models.Model):
    """DRAFT -> PENDING -> IN_FORCE -> RETIRED, when the next version of the article is approved."""

    state = StateField(_("state"), choices=RulesState.choices, default=RulesState.DRAFT)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=RulesState.DRAFT,
        target=RulesState.PENDING,
        permission="assistant.change_article",
        custom={"label": _("Ask for approval"), "policy": "AS-1", "opens": "assistant.article"},
    )
    def propose(self) -> None: ...

    @transition(
        field=state,
        source=RulesState.PENDING,
        target=RulesState.DRAFT,
        permission="assistant.approve_article",
        custom={"label": _("Send back"), "policy": "AS-1", "reason_required": True, "voids": True},
    )
    def send_back(self) -> None: ...

    @transition(
        field=state,
        source=RulesState.PENDING,
        target=RulesState.IN_FORCE,
        permission="assistant.approve_article",
        custom={"label": _("Put in force"), "policy": "AS-1", "four_eyes": "assistant.article"},
    )
    def approve(self) -> None: ...

    @transition(
        field=state,
        source=RulesState.IN_FORCE,
        target=RulesState.RETIRED,
        permission="assistant.retire_article",
        custom={"label": _("Retire"), "policy": "AS-2", "reason_required": True},
    )
    def retire(self) -> None: ...
