"""The welcome plan and how it goes: milestones, messages, and who has not begun."""

from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from clm.core import access, messages
from clm.core.web.views import StaffView
from onboarding import selectors, welcome
from onboarding.models import MILESTONES


class WelcomeView(StaffView):
    permission = "onboarding.view_application"
    template_name = "onboarding/welcome.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor, now = self.request.user, timezone.now()
        language = "da" if (get_language() or "").startswith("da") else "en"
        waiting = selectors.not_begun(actor=actor, at=now)
        access.note_read(records=[one.application for one in waiting], kind="list")
        found = selectors.adoption(at=now, plans=selectors.visible_plans(actor=actor))
        return super().get_context_data(
            adoption=found,
            milestones=[(label, found.shares[name]) for name, label in MILESTONES.items()],
            steps=[
                {
                    "step": one,
                    "title": one.title[language],
                    "text": one.text[language],
                    "days": one.after.days,
                    "unless": MILESTONES.get(one.unless, ""),
                }
                for one in welcome.steps().values()
            ],
            channels={name: messages.available(name) for name in ("email", "sms", "push")},
            waiting=waiting,
            **kwargs,
        )
