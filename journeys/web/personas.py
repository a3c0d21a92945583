"""Personas: who the maps are drawn for, each with the empathy map."""

from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from clm.core.lifecycle import StaleVersion
from clm.core.web.refusals import spread
from clm.core.web.views import StaffFormView, StaffView
from journeys import selectors
from journeys.models import Persona
from journeys.services import maps


class PersonaForm(forms.ModelForm[Persona]):
    """A persona with what reassures, worries and creates value; `seen` is the version read."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Persona
        fields = (
            "name", "life_phase", "description", "goals", "reassures", "worries", "creates_value",
        )  # fmt: skip


class PersonasView(StaffView):
    """All personas with the maps they stand on."""

    template_name = "journeys/personas.html"
    permission = "journeys.view_persona"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = selectors.visible_personas(actor=self.request.user).prefetch_related("maps")
        return {
            **super().get_context_data(**kwargs),
            "personas": found.order_by("name"),
            "may_draw": maps.may_draw(actor=self.request.user),
        }


class _Form(StaffFormView):
    template_name = "journeys/persona_form.html"
    form_class = PersonaForm
    persona: Persona | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        found = self.persona
        # A copy: what a refused form wrote into its instance is nobody's name yet.
        mine = Persona.objects.get(pk=found.pk) if found else None
        first = {"seen": found.version} if found else {}
        return {**super().get_form_kwargs(), "instance": mine, "initial": first}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "persona": self.persona,
            "may_draw": maps.may_draw(actor=self.request.user),
        }

    def form_valid(self, form: forms.Form) -> HttpResponse:
        values = {name: form.cleaned_data[name] for name in PersonaForm.Meta.fields}
        seen = form.cleaned_data.get("seen")
        try:
            made = maps.save_persona(
                values=values, persona=self.persona, version=seen if self.persona else None,
                actor=self.request.user, at=timezone.now(),
            )  # fmt: skip
        except (ValidationError, StaleVersion) as exc:
            spread(form, exc)
            return self.form_invalid(form)
        return redirect("journeys:persona", made.pk)


class NewPersonaView(_Form):
    permission = "journeys.change_persona"


class PersonaView(_Form):
    """One persona; who draws maps may describe it anew."""

    permission = "journeys.view_persona"

    @cached_property
    def persona(self) -> Persona:  # type: ignore[override]
        return get_object_or_404(
            selectors.visible_personas(actor=self.request.user), pk=self.kwargs["pk"]
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not maps.may_draw(actor=self.request.user):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)
