"""What every page knows: the rail, the look, and the name of the bank."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from clm.core.web import menu, sessions
from clm.core.web.middleware import look_of


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor of base.html; the rail is asked for only by pages that draw it."""

    def rail() -> list[menu.Group]:
        return menu.visible(request=request) if hasattr(request, "user") else []

    return {
        "rail": rail,
        "look": look_of(request),
        "brand": settings.CLM_BANK_NAME,
        "languages": settings.LANGUAGES,
        "demo": settings.CLM_DEMO,
        "session_ends": sessions.ends(request=request),
    }
