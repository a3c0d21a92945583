"""The form of a risk model: one block a factor, one a level; what the law refuses is said by the service."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kyc import factors as kinds
from kyc.models import RiskModel
from kyc.rating.policy import KINDS, LEVEL_LABELS, MOST_POINTS
from kyc.rating.requirements import REQUIREMENTS
from kyc.risk import LEVELS


class RiskModelForm(forms.Form):
    """A whole model: a factor without points is left out."""

    note = forms.CharField(label=gettext_lazy("What changes and why"), max_length=300)
    medium = forms.IntegerField(
        label=gettext_lazy("Medium from"), min_value=1, max_value=MOST_POINTS
    )
    high = forms.IntegerField(label=gettext_lazy("High from"), min_value=1, max_value=MOST_POINTS)

    def __init__(self, *args: Any, model: RiskModel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            **model.levels,
            "note": model.note if model.state == "DRAFT" else "",
            **self.initial,
        }
        given = {one["code"]: one for one in model.factors}
        for code, kind in kinds.registered().items():
            self._factor(code, kind, given.get(code))
        for level in LEVELS:
            self._level(level, model.diligence[level])

    def _factor(self, code: str, kind: kinds.FactorKind, entry: dict[str, Any] | None) -> None:
        self.fields[f"points_{code}"] = forms.IntegerField(
            label=_("Points"), min_value=0, max_value=MOST_POINTS, required=False,
            initial=entry["points"] if entry else None,
        )  # fmt: skip
        self.fields[f"level_{code}"] = forms.ChoiceField(
            label=_("At least"), required=False, initial=entry.get("level", "") if entry else "",
            choices=[
                ("", _("points alone")), ("medium", LEVEL_LABELS["medium"]),
                ("high", LEVEL_LABELS["high"]),
            ],
        )  # fmt: skip
        for parameter in kind.parameters:
            value = (entry or {}).get(parameter.name, parameter.initial)
            self.fields[f"{parameter.name}_{code}"] = _field(parameter, value)

    def _level(self, level: str, one: dict[str, Any]) -> None:
        self.fields[f"kind_{level}"] = forms.ChoiceField(
            label=_("Due diligence"), choices=list(KINDS.items()), initial=one["kind"]
        )
        self.fields[f"years_{level}"] = forms.IntegerField(
            label=_("Years between reviews"), min_value=1, max_value=50, initial=one["years"]
        )
        self.fields[f"hours_{level}"] = forms.FloatField(
            label=_("Hours a review"), min_value=0.1, max_value=1000, initial=one["hours"]
        )
        self.fields[f"requirements_{level}"] = forms.MultipleChoiceField(
            label=_("Facts on record"), required=False, initial=one["requirements"],
            choices=[(code, each.label) for code, each in REQUIREMENTS.items()],
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip

    def factor_blocks(self) -> list[dict[str, Any]]:
        """The fields of each factor, for the page."""
        return [
            {
                "kind": kind,
                "group": kinds.GROUPS[kind.group],
                "points": self[f"points_{code}"],
                "level": self[f"level_{code}"],
                "parameters": [self[f"{one.name}_{code}"] for one in kind.parameters],
            }
            for code, kind in kinds.registered().items()
        ]

    def level_blocks(self) -> list[dict[str, Any]]:
        """The fields of each level, for the page."""
        return [
            {
                "level": level,
                "fields": [self[f"{name}_{level}"] for name in ("kind", "years", "hours")],
                "requirements": self[f"requirements_{level}"],
            }
            for level in LEVELS
        ]

    def content(self) -> dict[str, Any]:
        """What was typed, in the shape of a model."""
        data = self.cleaned_data
        found = []
        for code, kind in kinds.registered().items():
            if data[f"points_{code}"] is None:
                continue
            entry = {"code": code, "points": data[f"points_{code}"]}
            if data[f"level_{code}"]:
                entry["level"] = data[f"level_{code}"]
            for one in kind.parameters:
                entry[one.name] = _read(one.kind, data[f"{one.name}_{code}"])
            found.append(entry)
        return {
            "note": data["note"],
            "factors": found,
            "levels": {"medium": data["medium"], "high": data["high"]},
            "diligence": {
                level: {
                    "kind": data[f"kind_{level}"],
                    "years": data[f"years_{level}"],
                    "hours": data[f"hours_{level}"],
                    "requirements": data[f"requirements_{level}"],
                }
                for level in LEVELS
            },
        }


def _field(parameter: kinds.Parameter, value: Any) -> forms.Field:
    if parameter.kind == "amount":
        return forms.IntegerField(label=parameter.label, min_value=0, initial=value, required=False)
    if parameter.kind == "currency":
        return forms.CharField(label=parameter.label, max_length=3, initial=value, required=False)
    hint = _("Codes of two letters.") if parameter.kind == "countries" else _("One code each.")
    return forms.CharField(
        label=parameter.label, max_length=4000, required=False, initial=", ".join(value),
        widget=forms.Textarea({"rows": 2}), help_text=hint,
    )  # fmt: skip


def _read(kind: str, value: Any) -> Any:
    if kind == "amount":
        return value or 0
    if kind == "currency":
        return str(value).strip().upper()
    words = [one for one in re.split(r"[\s,;]+", str(value)) if one]
    if kind == "countries":
        words = [one.upper() for one in words]
    return list(dict.fromkeys(words))
