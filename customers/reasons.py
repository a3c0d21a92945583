"""
What stands behind a churn score, in the reader's language.

A score keeps codes and values, never words: who computes it registers what each code is called,
and whoever shows it asks here, at the moment of showing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from clm.core.registries import Registry

Kind = Literal["number", "years", "yes", "mood"]


@dataclass(frozen=True)
class Feature:
    """
    What a model reads of a customer, and how its value is said.

    :param label: the name, translated when it is shown
    """

    code: str
    label: Any
    kind: Kind = "number"


features: Registry[Feature] = Registry(lambda feature: feature.code)


@dataclass(frozen=True)
class ChurnReason:
    """One part of a churn score in words; points above 0 speak for leaving."""

    label: str
    points: float
    code: str = ""
    value: str = ""

    @property
    def told(self) -> str:
        """The label with the customer's own value, where it is known."""
        return f"{self.label}: {self.value}" if self.value else self.label


def told(*, reasons: Iterable[Any]) -> list[ChurnReason]:
    """
    A score's reasons in words and in one shape, whatever shape the model's version wrote.

    Codes that nobody registered (a model of another house, an imported score) keep the label
    that came with them, or their own name.
    """
    return [_one(entry) for entry in reasons or ()]


def speaking(*, reasons: Iterable[Any]) -> list[ChurnReason]:
    """Those that speak for leaving, the weightiest first."""
    found = [one for one in told(reasons=reasons) if one.points > 0 and one.label]
    return sorted(found, key=lambda one: -one.points)


def _one(entry: Any) -> ChurnReason:
    if not isinstance(entry, Mapping):
        return ChurnReason(str(entry[0]), float(entry[1]))
    code = str(entry.get("name") or entry.get("feature") or entry.get("code") or "")
    feature = features.get(code)
    label = str(feature.label) if feature else str(entry.get("label") or code)
    points = float(entry.get("points", entry.get("contribution", 0)) or 0)
    return ChurnReason(label, points, code, _said(feature, entry))


def _said(feature: Feature | None, entry: Mapping[str, Any]) -> str:
    if "value" not in entry:
        return ""
    value = entry["value"]
    if value is None:
        return _("not known")
    if isinstance(value, str):
        return value
    kind = feature.kind if feature else "number"
    if kind == "yes":
        return _("yes") if value else _("no")
    places = 0 if float(value).is_integer() and kind == "number" else 1
    if kind == "number" and abs(value) >= 10:
        places = 0
    text = number_format(round(float(value), places), decimal_pos=places, force_grouping=True)
    return text.replace("-", "−")
