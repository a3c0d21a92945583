"""What a person chose for themselves: language, theme, shortcuts."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import View

from clm.core.models import User
from clm.core.web.middleware import THEME_COOKIE, THEMES
from clm.core.web.views.staff import StaffFormView, safe_next

_YEAR = 365 * 24 * 3600


def remember(
    *, request: HttpRequest, response: HttpResponse, language: str = "", theme: str = ""
) -> None:
    """Keep language and theme in cookies as well, for the pages before signing in."""
    for name, value in ((settings.LANGUAGE_COOKIE_NAME, language), (THEME_COOKIE, theme)):
        if value:
            response.set_cookie(
                name, value, max_age=_YEAR, samesite="Lax", secure=request.is_secure()
            )


class PreferencesView(View):
    """POST `language`, `theme` or `shortcuts` and go back; works before signing in, too."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        language = request.POST.get("language", "")
        theme = request.POST.get("theme", "")
        shortcuts = request.POST.get("shortcuts", "")
        changes: dict[str, Any] = {}
        if language in dict(settings.LANGUAGES):
            changes["language"] = language
        if theme in THEMES:
            changes["theme"] = theme
        if shortcuts in {"on", "off"}:
            changes["shortcuts"] = shortcuts == "on"
        user = request.user
        if isinstance(user, User) and changes:
            User.objects.filter(pk=user.pk).update(**changes)
        response = HttpResponseRedirect(safe_next(request))
        remember(
            request=request,
            response=response,
            language=changes.get("language", ""),
            theme=changes.get("theme", ""),
        )
        return response


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person's own choices; everything else about a user is the administrator's."""

    class Meta:
        model = User
        fields = ["language", "theme", "shortcuts"]
        widgets = {
            "language": forms.Select(choices=settings.LANGUAGES),
        }
        help_texts = {
            "shortcuts": gettext_lazy(
                "Single keys such as J, K and / act at once. Ctrl K always works."
            ),
        }


class SettingsView(StaffFormView):
    """A person's own settings, what their role allows, and the way to password and two factors."""

    template_name = "core/settings.html"
    form_class = PreferencesForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        roles = [
            settings.CLM_ROLES[name].label
            for name in self.request.user.groups.values_list("name", flat=True)
            if name in settings.CLM_ROLES
        ]
        return {**super().get_context_data(**kwargs), "roles": roles}

    def form_valid(self, form: PreferencesForm) -> HttpResponse:
        chosen = form.cleaned_data
        User.objects.filter(pk=self.request.user.pk).update(
            language=chosen["language"], theme=chosen["theme"], shortcuts=chosen["shortcuts"]
        )
        with translation.override(chosen["language"]):
            messages.success(self.request, _("Your settings are saved."))
        response = HttpResponseRedirect(self.request.path)
        remember(
            request=self.request,
            response=response,
            language=chosen["language"],
            theme=chosen["theme"],
        )
        return response
