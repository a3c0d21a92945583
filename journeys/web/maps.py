"""Journey maps: the list, the canvas, and the part of it that colleagues' pages ask for."""

import hashlib
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clm.core import actors, jobs
from clm.core.web.refusals import spread
from clm.core.web.views import StaffFormView, StaffView
from clm.core.web.views.staff import safe_next
from journeys import selectors
from journeys.exports.job import FORMS, KIND
from journeys.models import Journey, JourneyMap, MapCard, MapLane, MapStep, MapVersion, Persona
from journeys.services import maps
from journeys.web import canvas
from journeys.web.map_acts import act

#: A board that was drawn is kept so long for those who see the same of it, in seconds; measured
#: figures on it are that much behind.
KEPT = 60


class MapsView(StaffView):
    """All maps, the one changed last on top."""

    template_name = "journeys/maps.html"
    permission = "journeys.view_journeymap"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = selectors.visible_maps(actor=self.request.user).prefetch_related("personas")
        return {
            **super().get_context_data(**kwargs),
            "maps": found.order_by("-updated_at")[:200],
            "may_draw": maps.may_draw(actor=self.request.user),
        }


class MapForm(forms.Form):
    """A map's name, what it is measured by, and for whom it is drawn."""

    name = forms.CharField(label=_("Name"), max_length=120)
    description = forms.CharField(
        label=_("What it is about"), max_length=2000, required=False, widget=forms.Textarea
    )
    journey = forms.ModelChoiceField(
        label=_("Measured journey"),
        queryset=Journey.objects.none(),
        required=False,
        empty_label=_("None yet"),
        help_text=_(
            "Steps can be bound to its activities; what is measured then shows on the map."
        ),
    )
    personas = forms.ModelMultipleChoiceField(
        label=_("Personas"),
        queryset=Persona.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["journey"].queryset = (  # type: ignore[attr-defined]
            selectors.visible_journeys(actor=actor).order_by("-source", "name")
        )
        self.fields["personas"].queryset = (  # type: ignore[attr-defined]
            selectors.visible_personas(actor=actor).order_by("name")
        )


class NewMapForm(MapForm):
    """A new map; its steps may be typed at once."""

    kind = forms.ChoiceField(label=_("Kind"), choices=JourneyMap.Kind.choices)
    steps = forms.CharField(
        label=_("Steps"),
        required=False,
        max_length=8000,
        widget=forms.Textarea,
        help_text=_("One a line. “Apply: Send documents” puts the step under the phase Apply."),
    )
    field_order = ("name", "kind", "steps", "journey", "personas", "description")


class _MapFormView(StaffFormView):
    permission = "journeys.change_journeymap"
    template_name = "journeys/map_form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "actor": self.request.user}


class NewMapView(_MapFormView):
    """Drawing a map begins with its name."""

    form_class = NewMapForm

    def form_valid(self, form: forms.Form) -> HttpResponse:
        given = dict(form.cleaned_data)
        steps = given.pop("steps").splitlines()
        try:
            made = maps.draw_map(**given, steps=steps, actor=self.request.user, at=timezone.now())
        except ValidationError as exc:
            spread(form, exc)
            return self.form_invalid(form)
        return redirect("journeys:map", made.pk)


class EditMapView(_MapFormView):
    """The same of a map that is there."""

    form_class = MapForm

    @cached_property
    def map(self) -> JourneyMap:
        return get_object_or_404(
            selectors.visible_maps(actor=self.request.user), pk=self.kwargs["pk"]
        )

    def get_initial(self) -> dict[str, Any]:
        found = self.map
        return {
            "name": found.name,
            "description": found.description,
            "journey": found.journey_id,
            "personas": [one.pk for one in found.personas.all()],
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "map": self.map}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            maps.change_map(
                on=self.map, changes=form.cleaned_data, actor=self.request.user, at=timezone.now()
            )
        except ValidationError as exc:
            spread(form, exc)
            return self.form_invalid(form)
        return redirect("journeys:map", self.map.pk)


class _OfMap(StaffView):
    permission = "journeys.view_journeymap"

    @cached_property
    def map(self) -> JourneyMap:
        return get_object_or_404(
            selectors.visible_maps(actor=self.request.user), pk=self.kwargs["pk"]
        )

    @cached_property
    def other(self) -> JourneyMap | None:
        return selectors.beside(of=self.map)

    @property
    def persona(self) -> str:
        return self.request.GET.get("persona", "")[:36]

    def keep(self) -> str:
        """What every address of this page carries along: whose feelings are shown."""
        return f"{urlencode({'persona': self.persona})}&" if self.persona else ""

    def draw(self) -> selectors.Board:
        return selectors.board(
            of=self.map,
            actor=self.request.user,
            at=timezone.now(),
            persona=self.persona,
            other=self.other,
        )

    def tag(self) -> str:
        """What the board looks like to this reader, in a few bytes; taken before it is read."""
        user, at = self.request.user, timezone.now()
        reach = actors.reach(actor=user)
        parts = (
            self.map.pk, self.map.revision, self.map.version, self.persona, get_language(),
            (self.other.pk, self.other.revision) if self.other else "",
            maps.may_write(on=self.map, actor=user), maps.may_draw(actor=user),
            reach if reach == "all" else f"{reach}:{user.pk}:{user.branch_id}",
            actors.may(actor=user, permission="kyc.view_case"), int(at.timestamp()) // KEPT,
        )  # fmt: skip
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]

    def board_html(self, tag: str) -> str:
        """The board as HTML; drawn once for all who see the same of it."""
        found: str | None = cache.get(f"journeys-board:{tag}")
        if found is None:
            found = render_to_string("journeys/_board.html", self.board_context(self.draw()))
            cache.set(f"journeys-board:{tag}", found, timeout=KEPT)
        return found

    def board_context(self, board: selectors.Board) -> dict[str, Any]:
        may_write = maps.may_write(on=self.map, actor=self.request.user)
        return {
            "map": self.map,
            "board": board,
            "heads": canvas.heads(board),
            "phases": canvas.phases(board.steps),
            "few": canvas.few(board),
            **canvas.rows(board),
            "curve": canvas.drawn_curve(
                board, other=self.other, sliders=may_write and board.persona is not None
            ),
            "other": self.other,
            "keep": self.keep(),
            "may_write": may_write,
            "may_draw": maps.may_draw(actor=self.request.user),
        }


class BoardView(_OfMap):
    """The board for pages that are open already: 304 while nothing has changed."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        tag = self.tag()
        quoted = f'W/"{tag}"'
        if request.headers.get("If-None-Match") == quoted:
            answer = HttpResponse(status=304)
        else:
            answer = HttpResponse(self.board_html(tag))
        answer["ETag"] = quoted
        return answer


class MapView(_OfMap):
    """The canvas; which step, card or lane is chosen stands in the address."""

    template_name = "journeys/map.html"
    partials = ("panel",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            **super().get_context_data(**kwargs),
            "map": self.map,
            "other": self.other,
            "may_write": maps.may_write(on=self.map, actor=self.request.user),
            "may_draw": maps.may_draw(actor=self.request.user),
            "here": self.request.get_full_path(),
            "keep": self.keep(),
            **self._panel(),
        }
        if not self._partial():
            tag = self.tag()
            context |= {
                "tag": f'W/"{tag}"',
                "board_html": self.board_html(tag),
                "people": self.map.personas.order_by("name", "pk"),
                "persona": self.persona,
                "lane_kinds": MapLane.Kind.choices,
                "forms": [(key, label) for key, (label, _ending) in FORMS.items()],
            }
        return context

    def _panel(self) -> dict[str, Any]:
        """What stands beside the board: of what is chosen, or of the map as a whole."""
        query = self.request.GET
        for name, model in (("card", MapCard), ("step", MapStep), ("lane", MapLane)):
            key = query.get(name, "")
            found: Any = _one(model, self.map, key) if key else None
            if found is not None:
                return {"chosen": name, name: found, **getattr(self, f"_of_{name}")(found)}
        board = self.draw()
        return {
            "chosen": "",
            "gaps": canvas.gaps(board),
            "bound": sum(1 for one in board.steps if one.activities),
            "versions": selectors.versions_of(of=self.map),
            "talk": selectors.comments_on_map(of=self.map),
        }

    def _of_card(self, card: MapCard) -> dict[str, Any]:
        board = self.draw()
        cell = board.cells.get((card.lane_id, card.step_id), [])
        place = next((i for i, one in enumerate(cell) if one.pk == card.pk), 0)
        return {
            "comments": selectors.comments_on(of=self.map, card=card),
            "steps": board.steps,
            "lanes": board.lanes,
            "above": cell[place - 1] if place else None,
            "below": cell[place + 2] if place + 2 < len(cell) else None,
            "last": place + 1 >= len(cell),
        }

    def _of_step(self, step: MapStep) -> dict[str, Any]:
        board = self.draw()
        at = timezone.now()
        known = {}
        if self.map.journey:
            known = selectors.activities(journey=self.map.journey, actor=self.request.user, at=at)
        order = [one.pk for one in board.steps]
        place = order.index(step.pk) if step.pk in order else 0
        rows = canvas.activity_rows(self.map, known, [])
        names = {row["key"]: row["name"] for row in rows}
        return {
            "comments": selectors.comments_on(of=self.map, step=step),
            "measures": [
                (one, names.get(one.activity, one.activity))
                for one in board.measured.get(step.pk, [])
            ],
            "bindable": canvas.activity_rows(self.map, known, step.activities),
            "felt": board.felt.get(step.pk),
            "whose": board.persona,
            "before": order[place - 1] if place else None,
            "after": order[place + 2] if place + 2 < len(order) else "",
            "last": place + 1 >= len(order),
        }

    def _of_lane(self, lane: MapLane) -> dict[str, Any]:
        order = [one.pk for one in self.map.lanes.filter(removed_at=None).order_by("order", "pk")]
        place = order.index(lane.pk) if lane.pk in order else 0
        return {
            "before": order[place - 1] if place else None,
            "after": order[place + 2] if place + 2 < len(order) else "",
            "last": place + 1 >= len(order),
        }


class ActView(_OfMap):
    """Whatever is done on the canvas; told in a sentence, to a script or on the next page."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked_by_script = request.headers.get("Accept", "").startswith("application/json")
        try:
            said, record = act(
                on=self.map, post=request.POST, actor=self.request.user, at=timezone.now()
            )
        except LookupError:
            return HttpResponse(status=400)
        except ValidationError as exc:
            refused = " ".join(exc.messages)
            if asked_by_script:
                return JsonResponse({"said": refused}, status=422)
            messages.error(request, refused)
            return redirect(safe_next(request, reverse("journeys:map", args=[self.map.pk])))
        if asked_by_script:
            key = str(record.pk) if record is not None else ""
            return JsonResponse({"said": said, "id": key})
        if said:
            messages.info(request, said)
        if isinstance(record, JourneyMap) and record.pk != self.map.pk:
            return redirect("journeys:map", record.pk)
        return redirect(safe_next(request, reverse("journeys:map", args=[self.map.pk])))


class FitView(_OfMap):
    """How far real cases go the way that is drawn, and where not; apart, as it may take long."""

    template_name = "journeys/map_fit.html"

    def get_template_names(self) -> list[str]:
        return [f"{self.template_name}#fit" if self.request.htmx else self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = None
        if self.map.journey:
            steps = self.map.steps.filter(removed_at=None).order_by("order", "pk")
            found = selectors.conforms(
                journey=self.map.journey,
                actor=self.request.user,
                steps=list(steps.values_list("activities", flat=True)),
            )
        return {
            **super().get_context_data(**kwargs),
            "map": self.map,
            "fit": found,
            **canvas.fit_rows(self.map, found),
        }


class ExportView(_OfMap):
    """A map taken along as a file, which a job makes."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = request.POST.get("form", "")
        if form not in FORMS:
            return HttpResponse(status=400)
        parameters = {"map_id": str(self.map.pk), "form": form, "language": get_language() or "en"}
        job = jobs.start(
            kind=KIND, parameters=parameters, actor=self.request.user, at=timezone.now()
        )
        return redirect("web:job", job.pk)


class VersionView(_OfMap):
    """A version as it was, to look at and to go back to."""

    template_name = "journeys/map_version.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = get_object_or_404(
            MapVersion.objects.select_related("author"),
            map=self.map,
            pk=self.kwargs["version"],
        )
        content = version.content
        cells: dict[tuple[str, str], list[str]] = {}
        for card in content["cards"]:
            cells.setdefault((card["lane_id"], card["step_id"]), []).append(card["text"])
        kinds = dict(MapLane.Kind.choices)
        return {
            **super().get_context_data(**kwargs),
            "map": self.map,
            "version": version,
            "steps": content["steps"],
            "rows": [
                (
                    lane["title"] or kinds.get(lane["kind"], lane["kind"]),
                    [cells.get((lane["id"], step["id"]), []) for step in content["steps"]],
                )
                for lane in content["lanes"]
            ],
            "may_draw": maps.may_draw(actor=self.request.user),
        }


def _one(model: Any, of: JourneyMap, key: str) -> Any:
    try:
        return model.objects.filter(map=of, pk=key).first()
    except (ValidationError, ValueError):
        return None
