"""Forms of mapping projects; they check fields, the services decide."""

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clm.core.models import Branch, User
from customers.models import PartyKind
from journeys import selectors
from journeys.deliverables.job import DELIVERABLES
from journeys.models import (
    BankValue,
    BriefingPoint,
    Insight,
    Journey,
    JourneyMap,
    MappingProject,
    MapStep,
    MomentOfTruth,
    Opportunity,
    Persona,
    PlannedAction,
    ResearchNote,
    SharedSolution,
)
from journeys.services.projects import PART_FIELDS
from journeys.web.explorer import told

MOST_WORDS = 20
MOST_ANSWERS = 30


class WordsField(forms.CharField):
    """A few words each, with commas or lines between; no word twice."""

    def __init__(self, *, longest: int = 40, **kwargs: Any) -> None:
        self.longest = longest
        super().__init__(required=False, max_length=2000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        words = [" ".join(one.split()) for one in text.replace("\n", ",").split(",")]
        found = list(dict.fromkeys(one for one in words if one))
        if len(found) > MOST_WORDS or any(len(one) > self.longest for one in found):
            raise forms.ValidationError(
                _("At most %(count)d, each of at most %(length)d letters.")
                % {"count": MOST_WORDS, "length": self.longest}
            )
        return found


class AnswersField(forms.CharField):
    """Answers with how many gave them, one a line: `Too slow: 12`."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 3})
        super().__init__(required=False, max_length=4000, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return "\n".join(f"{answer}: {count}" for answer, count in value.items())
        return value

    def clean(self, value: Any) -> Any:
        found: dict[str, int] = {}
        for line in super().clean(value).splitlines():
            if not line.strip():
                continue
            answer, _colon, count = line.rpartition(":")
            count = count.strip()
            if not answer.strip() or not (count.isascii() and count.isdigit()) or len(count) > 7:
                raise forms.ValidationError(
                    _("One answer a line, with how many gave it: “Too slow: 12”.")
                )
            found[answer.strip()[:120]] = int(count)
        if len(found) > MOST_ANSWERS:
            raise forms.ValidationError(_("At most 30 answers."))
        return found


def colleagues() -> Any:
    """Who may own something: people who are still here."""
    return User.objects.filter(is_active=True, is_robot=False).order_by("first_name", "username")


class _Day(forms.DateInput):
    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


def _short(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ProjectForm(forms.ModelForm):  # type: ignore[type-arg]
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = MappingProject
        fields: ClassVar = (
            "title", "depth", "goal", "scope", "journey", "personas", "as_is", "to_be", "owner",
            "team", "customer_value", "customer_years",
        )  # fmt: skip
        widgets: ClassVar = {
            "goal": _short(), "scope": _short(), "personas": forms.CheckboxSelectMultiple,
        }  # fmt: skip

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: dict[str, Any] = {
            "journey": selectors.visible_journeys(actor=actor).order_by("-source", "name"),
            "personas": Persona.objects.order_by("name"),
            "as_is": JourneyMap.objects.filter(kind=JourneyMap.Kind.AS_IS).order_by("name"),
            "to_be": JourneyMap.objects.filter(kind=JourneyMap.Kind.TO_BE).order_by("name"),
            "owner": colleagues(),
            "team": colleagues(),
        }
        for name, queryset in chosen.items():
            field: Any = self.fields[name]
            field.queryset = queryset
        if self.instance._state.adding:
            self.initial.setdefault("owner", actor.pk)
        else:
            self.initial["version"] = self.instance.version

    def values(self) -> dict[str, Any]:
        """The project's own fields as the service takes them."""
        apart = {"personas", "team"}
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name not in apart}

    def chosen(self) -> dict[str, list[Any]]:
        return {name: list(self.cleaned_data[name]) for name in ("personas", "team")}


class PartForm(forms.ModelForm):  # type: ignore[type-arg]
    """A part of a project; `kind` is its name in `PART_FIELDS`."""

    kind_of_part: ClassVar = ""
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, project: MappingProject, actor: User, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", self.kind_of_part)
        super().__init__(*args, **kwargs)
        self.project, self.actor = project, actor
        if not self.instance._state.adding:
            self.initial["version"] = self.instance.version
        self.prepare()

    def prepare(self) -> None:
        """What may be chosen here."""

    def values(self) -> dict[str, Any]:
        return {
            name: self.cleaned_data[name]
            for name in PART_FIELDS[self.kind_of_part]
            if name in self.cleaned_data
        }

    def _post_clean(self) -> None:
        # The service validates the record itself; here are only the fields.
        pass


class PointForm(PartForm):
    kind_of_part = "points"

    class Meta:
        model = BriefingPoint
        fields: ClassVar = ("kind", "text")
        widgets: ClassVar = {"text": _short()}


class NoteForm(PartForm):
    kind_of_part = "notes"
    themes = WordsField(label=_("Themes"), help_text=_("A few words each, with commas between"))
    answers = AnswersField(
        label=_("Answers"),
        help_text=_("Of a survey: one answer a line, with how many gave it: “Too slow: 12”"),
    )

    class Meta:
        model = ResearchNote
        fields: ClassVar = (
            "kind", "held_on", "persona", "text", "quotation", "themes", "question", "answers",
        )  # fmt: skip
        widgets: ClassVar = {"held_on": _Day(), "text": _short(3), "quotation": _short()}

    def prepare(self) -> None:
        if self.instance._state.adding:
            self.initial["held_on"] = timezone.localdate()
        field: Any = self.fields["persona"]
        field.queryset = Persona.objects.order_by("name")


class MomentForm(PartForm):
    kind_of_part = "moments"

    class Meta:
        model = MomentOfTruth
        fields: ClassVar = ("step", "why", "evidence")
        widgets: ClassVar = {"why": _short(), "evidence": _short()}

    def prepare(self) -> None:
        field: Any = self.fields["step"]
        field.queryset = steps_of(self.project)


class InsightForm(PartForm):
    kind_of_part = "insights"

    class Meta:
        model = Insight
        fields: ClassVar = ("text", "recommendation")
        widgets: ClassVar = {"text": _short(), "recommendation": _short()}


class OpportunityForm(PartForm):
    kind_of_part = "opportunities"

    class Meta:
        model = Opportunity
        fields: ClassVar = ("title", "moment", "worth", "effort")

    def prepare(self) -> None:
        field: Any = self.fields["moment"]
        field.queryset = (
            self.project.moments.filter(removed_at=None)
            .select_related("step")
            .order_by("step__order")
        )


class ActionForm(PartForm):
    """An action; whom it reaches is one choice, `branch:…` or `channel:…`."""

    kind_of_part = "actions"
    activity = forms.ChoiceField(label=_("Step that is measured"), required=False)
    reached = forms.ChoiceField(
        label=_("Whom it reaches"),
        required=False,
        help_text=_("Everybody else is the comparison group, or the one chosen below"),
    )
    against = forms.ChoiceField(label=_("Compared with"), required=False)

    class Meta:
        model = PlannedAction
        fields: ClassVar = (
            "title", "opportunity", "owner", "due_on", "metric", "activity", "expected", "reached",
            "against", "done_on",
        )  # fmt: skip
        widgets: ClassVar = {"due_on": _Day(), "done_on": _Day()}

    def prepare(self) -> None:
        field: Any = self.fields["opportunity"]
        field.queryset = self.project.opportunities.filter(removed_at=None).order_by("title")
        owner: Any = self.fields["owner"]
        owner.queryset = colleagues()
        groups = _groups(self.project.journey, self.actor)
        for name, choices, held in (
            ("activity", _activities(self.project.journey, self.actor), self.instance.activity),
            ("reached", groups, _named(self.instance, "group")),
            ("against", groups, _named(self.instance, "versus")),
        ):
            choice: Any = self.fields[name]
            choice.choices = [("", "–"), *choices, *_unknown(held, choices)]
            self.initial[name] = held

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        group_by, _colon, _group = given.get("reached", "").partition(":")
        other_by, _colon, _group = given.get("against", "").partition(":")
        if other_by and other_by != group_by:
            self.add_error("against", _("Compare like with like: a branch with a branch."))
        return given

    def values(self) -> dict[str, Any]:
        group_by, _colon, group = self.cleaned_data["reached"].partition(":")
        versus = self.cleaned_data["against"].partition(":")[2]
        return {**super().values(), "group_by": group_by, "group": group, "versus": versus}


class BankValueForm(forms.ModelForm):  # type: ignore[type-arg]
    touchpoints = WordsField(
        longest=120,
        label=_("Where it shows"),
        help_text=_("Touchpoints, one a line or with commas between"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = BankValue
        fields: ClassVar = ("name", "evidence", "touchpoints", "score", "in_use")
        widgets: ClassVar = {"evidence": _short()}

    def _post_clean(self) -> None:
        pass


class SharedSolutionForm(forms.ModelForm):  # type: ignore[type-arg]
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = SharedSolution
        fields: ClassVar = ("name", "provider", "solves", "in_use")
        widgets: ClassVar = {"solves": _short()}

    def _post_clean(self) -> None:
        pass


class PlaceForm(forms.Form):
    """What of the bank's DNA or of the community's solutions goes under which step."""

    what = forms.ChoiceField(label=_("What"))
    step = forms.ModelChoiceField(label=_("Step"), queryset=MapStep.objects.none())

    def __init__(self, *args: Any, project: MappingProject, actor: User, **kwargs: Any) -> None:
        kwargs["prefix"] = "place"
        super().__init__(*args, **kwargs)
        what, step = cast("Any", self.fields["what"]), cast("Any", self.fields["step"])
        values = selectors.bank_values(actor=actor).filter(in_use=True)
        solutions = selectors.shared_solutions(actor=actor).filter(in_use=True)
        self.known: dict[str, Any] = {str(one.pk): one for one in [*values, *solutions]}
        what.choices = [
            (str(_("Bank DNA")), [(str(one.pk), one.name) for one in values]),
            (str(_("Shared solutions")), [(str(one.pk), one.name) for one in solutions]),
        ]
        step.queryset = steps_of(project)

    def record(self) -> Any:
        """The value or the solution that was chosen."""
        return self.known[self.cleaned_data["what"]]


def steps_of(project: MappingProject) -> Any:
    """The steps of the project's maps, of today's first."""
    maps = [one for one in (project.as_is_id, project.to_be_id) if one]
    found = MapStep.objects.filter(map__in=maps, removed_at=None).select_related("map")
    return found.order_by("map__kind", "order")


class DeliverableForm(forms.Form):
    """What is to be made of a project, and in which language."""

    what = forms.ChoiceField(label=_("Deliverable"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        what: Any = self.fields["what"]
        what.choices = [(name, one.label) for name, one in DELIVERABLES.items()]


PART_FORMS: dict[str, type[PartForm]] = {
    form.kind_of_part: form
    for form in (PointForm, NoteForm, MomentForm, InsightForm, OpportunityForm, ActionForm)
}
KNOWN_FORMS: dict[str, type[Any]] = {"values": BankValueForm, "solutions": SharedSolutionForm}


def _activities(journey: Journey | None, actor: User) -> list[tuple[str, str]]:
    if journey is None:
        return []
    own = journey.source == Journey.Source.LIFE_CYCLE
    found = selectors.friction(journey=journey, actor=actor)["activities"]
    names = [(one["name"], told(one["name"], own=own)) for one in found]
    return sorted(names, key=lambda one: one[1])


def _groups(journey: Journey | None, actor: User) -> list[tuple[str, list[tuple[str, str]]]]:
    """Who can be told apart in the journey, by what."""
    if journey is None:
        return []
    by = PlannedAction.GroupBy
    branches = [(f"branch:{one.pk}", one.name) for one in Branch.objects.order_by("name")]
    channels = selectors.channels_of(journey=journey, actor=actor)
    segments = selectors.segments(actor=actor)
    found = [
        (str(by.BRANCH.label), branches),
        (str(by.CHANNEL.label), [(f"channel:{one}", one.capitalize()) for one in channels]),
        (str(by.SEGMENT.label), [(f"segment:{one}", one.capitalize()) for one in segments]),
        (str(by.KIND.label), [(f"kind:{one}", str(word)) for one, word in PartyKind.choices]),
    ]
    return [one for one in found if one[1]]


def _named(action: PlannedAction, name: str) -> str:
    held = getattr(action, name)
    return f"{action.group_by}:{held}" if held else ""


def _unknown(held: str, choices: Sequence[Any]) -> list[tuple[str, str]]:
    """What is chosen already and not among the choices any more."""
    flat = {value for one in choices for value in _values(one)}
    return [(held, held)] if held and held not in flat else []


def _values(choice: Any) -> list[str]:
    value, label = choice
    return [one for one, _word in label] if isinstance(label, list) else [value]
