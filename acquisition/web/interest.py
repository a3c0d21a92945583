"""
The public form: somebody says they are interested, on the bank's page or in a frame elsewhere.

It asks for no cookie and knows nobody, so there is no session whose rights another site could
borrow: the signed token in the page stands where Django's own token against that would. The
answer is the same whether the bank knows the visitor or not.
"""

import secrets
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.generic.base import View

from acquisition import services
from acquisition.models import CaptureForm
from acquisition.services.capture import ASKED_CHANNELS
from clm.core import signing_in
from clm.core.web.callers import address_of
from clm.core.web.refusals import spread
from customers.models import ConsentWording, Product, Purpose
from customers.selectors.wordings import wordings_in_force

LANGUAGES = ("da", "en")
SALT = "acquisition.interest"
#: Nobody reads and fills in a page faster; nobody leaves it open longer and still means it.
SOONEST, LATEST = 3, 4 * 3600
#: Submissions a quarter of an hour: from one address, and to one form from anywhere.
TRIES_ADDRESS, TRIES_FORM = 10, 600


class InterestForm(forms.Form):
    """What is asked; `website` is asked of robots alone."""

    given_names = forms.CharField(
        label=gettext_lazy("First name"), max_length=120, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )  # fmt: skip
    family_name = forms.CharField(
        label=gettext_lazy("Last name"), max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )  # fmt: skip
    organisation_name = forms.CharField(
        label=gettext_lazy("Company"), max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )  # fmt: skip
    email = forms.CharField(
        label=gettext_lazy("E-mail"), max_length=254, required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=gettext_lazy("Telephone"), max_length=32, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    product = forms.ModelChoiceField(
        label=gettext_lazy("What is it about?"), queryset=Product.objects.none(), required=False
    )
    note = forms.CharField(
        label=gettext_lazy("Anything we should know?"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    website = forms.CharField(required=False)
    token = forms.CharField(widget=forms.HiddenInput, max_length=300)
    wording = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    agree = forms.MultipleChoiceField(
        choices=[(one.value, one.label) for one in ASKED_CHANNELS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, asked: CaptureForm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        company = asked.kind == "organisation"
        for name in ("given_names", "family_name") if company else ("organisation_name",):
            del self.fields[name]
        if asked.product_id:
            del self.fields["product"]
        else:
            today = timezone.localdate()
            products = Product.objects.filter(
                valid_from__lte=today, customer_kinds__contains=[asked.kind]
            ).exclude(valid_to__lt=today)
            cast("Any", self.fields["product"]).queryset = products.order_by("code")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("email") and not data.get("phone") and not self.errors:
            self.add_error("phone", _("Give an e-mail address or a telephone number."))
        wanted = {"email": "email", "sms": "phone", "phone": "phone"}
        for channel in data.get("agree", ()):
            if not data.get(wanted[channel]) and wanted[channel] not in self.errors:
                words = {
                    "email": _("You said yes to e-mail: which address?"),
                    "phone": _("You said yes to being called or texted: which number?"),
                }
                self.add_error(wanted[channel], words[wanted[channel]])
        return data

    def values(self, asked: CaptureForm) -> dict[str, Any]:
        names = (
            "given_names", "family_name", "organisation_name", "email", "phone", "product", "note",
        )  # fmt: skip
        found = {name: self.cleaned_data[name] for name in names if name in self.fields}
        return {**found, "product": asked.product or found.get("product")}


@dataclass(frozen=True)
class Shown:
    """One showing of a form: which it was, and how many seconds ago."""

    nonce: str
    age: float


def new_token(form: CaptureForm) -> str:
    """Says which form was shown, and when; signed, so that nobody makes one up."""
    return signing.TimestampSigner(salt=SALT).sign(f"{form.pk.hex}.{secrets.token_hex(16)}")


def read_token(form: CaptureForm, token: str) -> Shown | None:
    """What a token says; None for one that is made up, another form's, or too old."""
    signer = signing.TimestampSigner(salt=SALT)
    try:
        value = signer.unsign(token, max_age=LATEST)
        sent = signing.b62_decode(signer_stamp(token))
    except (signing.BadSignature, ValueError):
        return None
    owner, _dot, nonce = value.partition(".")
    if owner != form.pk.hex:
        return None
    return Shown(nonce, timezone.now().timestamp() - sent)


def signer_stamp(token: str) -> str:
    """The token's time, between the value and the signature."""
    return token.rsplit(":", 2)[1]


@method_decorator(csrf_exempt, name="dispatch")
class InterestView(View):
    """GET the form, POST what was written; `?lang=` says in which language."""

    http_method_names = ["get", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.form_record = get_object_or_404(
            CaptureForm.objects.select_related("campaign", "branch", "product"),
            code=kwargs["code"],
        )
        asked = request.GET.get("lang", "")
        chosen = asked if asked in LANGUAGES else str(translation.get_language() or "da")[:2]
        self.language = chosen if chosen in LANGUAGES else "en"
        with translation.override(self.language):
            response = super().dispatch(request, *args, **kwargs)
            if isinstance(response, TemplateResponse):
                response.render()
        return self._framed(cast("HttpResponse", response))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self._is_open():
            return self._answer("closed", status=410)
        form = InterestForm(asked=self.form_record, initial={"token": new_token(self.form_record)})
        return self._page(form)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self._is_open():
            return self._answer("closed", status=410)
        if not self._may_try(request):
            response = self._answer("busy", status=429)
            response["Retry-After"] = str(int(signing_in.WINDOW.total_seconds()))
            return response
        form = InterestForm(request.POST, asked=self.form_record)
        if request.POST.get("website"):
            # A robot filled in what nobody sees: it is thanked, and nothing is kept.
            return self._answer("thanks")
        shown = read_token(self.form_record, request.POST.get("token", ""))
        if shown is None:
            return self._again(_("The page stood open too long. Please send it again."))
        if shown.age < SOONEST:
            return self._again(_("That was quick. Please send it again."), keep=True)
        if not form.is_valid():
            return self._page(form, status=422)
        return self._take(form, shown)

    def _take(self, form: InterestForm, shown: Shown) -> HttpResponse:
        wording = self._wording()
        agreed = form.cleaned_data["agree"] if wording else []
        try:
            services.capture_by_form(
                form=self.form_record,
                values=form.values(self.form_record),
                agreed=agreed,
                wording=form.cleaned_data["wording"],
                language=self.language,
                token=shown.nonce,
                at=timezone.now(),
            )
        except services.WordingChanged:
            words = _("The words you agree to have changed. Please read them and send again.")
            return self._again(words, keep=True, status=409)
        except ValidationError as error:
            spread(form, error)
            return self._page(form, status=422)
        return self._answer("thanks")

    def _again(self, words: str, *, keep: bool = False, status: int = 422) -> HttpResponse:
        """The page with what was written, to be sent once more."""
        written = self.request.POST
        token = written.get("token", "") if keep else new_token(self.form_record)
        initial = {**written.dict(), "agree": written.getlist("agree"), "token": token}
        form = InterestForm(asked=self.form_record, initial=initial)
        return self._page(form, status=status, said=words)

    def _page(self, form: InterestForm, *, status: int = 200, said: str = "") -> HttpResponse:
        wording = self._wording()
        if not form.is_bound:
            form.initial["wording"] = wording.code if wording else ""
        return self._answer("form", status=status, form=form, wording=wording, said=said)

    def _answer(self, kind: str, *, status: int = 200, **context: Any) -> HttpResponse:
        record = self.form_record
        wording: ConsentWording | None = context.get("wording")
        page = {
            "kind": kind,
            "title": record.title_in(self.language),
            "intro": record.intro_in(self.language),
            "language_now": self.language,
            "languages_offered": LANGUAGES,
            "wording_text": wording.text_in(self.language) if wording else "",
            **context,
        }
        template = "acquisition/interest.html"
        return TemplateResponse(self.request, template, page, status=status)

    def _wording(self) -> ConsentWording | None:
        if not self.form_record.asks_consent:
            return None
        usable = wordings_in_force(at=timezone.now()).filter(purpose=Purpose.MARKETING)
        return usable.first()

    def _is_open(self) -> bool:
        form, today = self.form_record, timezone.localdate()
        campaign = form.campaign
        ended = campaign.ends_on is not None and today > campaign.ends_on
        return form.is_open and not ended and today >= campaign.starts_on

    def _may_try(self, request: HttpRequest) -> bool:
        """Counted by address first, so that one address cannot use up what the form takes."""
        at, form = timezone.now(), self.form_record.pk
        return signing_in.take_try(
            username=f"interest {address_of(request)}", at=at, tries=TRIES_ADDRESS
        ) and signing_in.take_try(username=f"interest form {form}", at=at, tries=TRIES_FORM)

    def _framed(self, response: HttpResponse) -> HttpResponse:
        """In a frame only on the sites that the form names; kept by nobody."""
        response["Cache-Control"] = "no-store"
        origins = list(self.form_record.allowed_origins)
        if origins:
            response._csp_replace = {"frame-ancestors": origins}  # type: ignore[attr-defined]
            response.xframe_options_exempt = True
        return response
