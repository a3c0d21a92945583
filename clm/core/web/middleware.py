"""Language and theme of a request: what the person chose, then the cookie, then the browser."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

THEME_COOKIE = "clm_theme"
RAIL_COOKIE = "clm_rail"
THEMES = ("system", "light", "dark")


@dataclass(frozen=True)
class Look:
    """How a page is to look: read by base.html."""

    theme: str
    shortcuts: bool
    narrow: bool

    @property
    def scheme(self) -> str:
        """What the server can promise before the browser says what its system prefers."""
        return "dark" if self.theme == "dark" else "light"


def look_of(request: HttpRequest) -> Look:
    """The look for whoever asks; also where the middleware did not run (error pages)."""
    user = getattr(request, "user", None)
    theme = str(request.COOKIES.get(THEME_COOKIE, "system"))
    shortcuts = True
    if user is not None and user.is_authenticated:
        theme = user.theme
        shortcuts = user.shortcuts
    return Look(
        theme=theme if theme in THEMES else "system",
        shortcuts=shortcuts,
        narrow=request.COOKIES.get(RAIL_COOKIE) == "narrow",
    )


class PreferencesMiddleware:
    """Puts the signed-in person's language in force; stands after authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = getattr(request, "user", None)
        # A client of the API says its language in a header of its own.
        if user is not None and user.is_authenticated and not user.is_robot:
            if user.language in dict(settings.LANGUAGES) and not request.path.startswith("/api/"):
                translation.activate(user.language)
                request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)
