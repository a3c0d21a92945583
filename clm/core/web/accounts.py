"""How people sign in: accounts are given by the administrator, never taken."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core import crypto, second_factor, signing_in
from clm.core.models import User

#: What waits for a second factor: the administrator's workbench and the decisions of others.
GUARDED = ("/admin/", "/approvals/")


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up; robots do not sign in to pages (they get tokens)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        username = str(credentials.get("username") or "")
        if username and not signing_in.take_try(username=username, at=timezone.now()):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user is not None:
            signing_in.forget_tries(username=str(credentials.get("username") or ""))
        return user

    def get_login_stages(self) -> list[str]:
        mine = f"{SecondFactorStage.__module__}.{SecondFactorStage.__qualname__}"
        theirs = f"{AuthenticateStage.__module__}.{AuthenticateStage.__qualname__}"
        return [mine if one == theirs else one for one in super().get_login_stages()]


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets lie encrypted; the authenticator app shows the bank's name."""

    def encrypt(self, text: str) -> str:
        return crypto.encrypt(plaintext=text, context=second_factor.CONTEXT)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(token=encrypted_text, context=second_factor.CONTEXT)

    def get_totp_issuer(self) -> str:
        return str(settings.CLM_BANK_NAME)


def _code_field(*, required: bool) -> forms.CharField:
    shown = second_factor.demo_code()
    return forms.CharField(
        label=gettext_lazy("Code from your authenticator app"),
        required=required,
        max_length=20,
        initial=shown,
        help_text=_("The demo’s code is %(code)s.") % {"code": shown} if shown else "",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class SignInForm(LoginForm):  # type: ignore[misc]
    """User name and password, and the code for those who have a second factor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code_field(required=False)


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """The code on a page of its own; the demo shows it there and takes it again and again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code_field(required=True)

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        if second_factor.is_demo_code(code):
            self.authenticator = Authenticator.objects.filter(
                user=self.user, type=Authenticator.Type.TOTP
            ).first()
            if self.authenticator is not None:
                return code
        found = str(super().clean_code())
        if not second_factor.use_once(user=self.user, code=code):
            raise forms.ValidationError(_("This code was used already; wait for the next one."))
        return found


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc]
    """Takes the code that came with the password; asks for it on a page of its own otherwise."""

    def handle(self) -> tuple[Any, bool]:
        user = self.login.user
        if isinstance(user, User):
            second_factor.enrol_for_demo(user=user)
        code = self.request.POST.get("code", "").strip()
        if code and user is not None and self._should_handle(self.request):
            form = CodeForm({"code": code}, user=user)
            if form.is_valid():
                form.save()
                return None, True
        found: tuple[Any, bool] = super().handle()
        return found


class SecondFactorMiddleware:
    """Leads whoever needs a second factor and has none to where it is set up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if (
            request.path.startswith(GUARDED)
            and isinstance(user, User)
            and second_factor.missing(user=user)
        ):
            messages.info(
                request, _("Set up a second factor first: it is needed to approve and administer.")
            )
            return redirect("mfa_activate_totp")
        return self.get_response(request)
