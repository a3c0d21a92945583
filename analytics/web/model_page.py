"""What the page of a model shows: how good it is, why, for whom, and whether it still fits."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from analytics import selectors
from analytics.features import LABELS
from analytics.models import ModelVersion
from analytics.stability import MOVED, STRANGE
from clm.core.web.charts import Chart, Part, Series, bars, line
from clm.core.web.words import dated, number, percent


def about(version: ModelVersion) -> dict[str, Any]:
    """All that a page says of one version; parts that an older version lacks are empty."""
    card = version.card
    curve = card.get("curve", [])
    return {
        "model": version,
        "metrics": version.metrics,
        "algorithm": gettext(version.algorithm),
        "lift": _lift(curve, version)[-1] if curve else None,
        "figures": figures(version.metrics),
        "why": importance(card.get("importance", [])),
        "calibration": calibration(curve),
        "roc": roc(card),
        "lifts": lifts(curve, version),
        "fairness": fairness(
            card.get("fairness", []), selectors.drift_of(version=version, limit=1)
        ),
        "candidates": candidates(card.get("candidates", [])),
        "comparison": card.get("comparison"),
        **drift(version),
    }


def figures(metrics: Mapping[str, Any]) -> list[dict[str, str]]:
    """Each figure out of fold and out of time, with its interval."""
    later = metrics.get("out_of_time") or {}
    names = (
        ("roc_auc", _("ROC-AUC")),
        ("average_precision", _("Average precision")),
        ("brier", _("Brier score")),
        ("calibration_error", _("Calibration error")),
    )
    rows = [
        {"name": label, "fold": _figure(metrics, key), "time": _figure(later, key)}
        for key, label in names
    ]
    rows.append(
        {
            "name": _("Calibration error by chance alone"),
            "fold": _plain(metrics.get("calibration_error_by_chance"), 3),
            "time": _plain(later.get("calibration_error_by_chance"), 3),
        }
    )
    rows.append(
        {
            "name": _("Customer-days, and who left"),
            "fold": _counted(metrics),
            "time": _counted(later),
        }
    )
    return rows


def importance(weights: Sequence[Mapping[str, Any]]) -> Chart:
    """The mean pull of each feature."""
    return bars(
        [Part(_label(one["name"]), round(one["weight"], 3)) for one in weights[:10]],
        title=_("What moves the score"),
        width=640,
        unit=_("Mean log-odds"),
    )


def calibration(curve: Sequence[Mapping[str, Any]]) -> Chart | str:
    """Promised and seen rate by tenths."""
    if not curve:
        return ""
    return line(
        [str(place + 1) for place in range(len(curve))],
        [
            Series(_("Promised, %"), [round(one["promised"] * 100, 1) for one in curve]),
            Series(_("Seen, %"), [round(one["seen"] * 100, 1) for one in curve]),
        ],
        title=_("Promised and seen rate, in tenths of the customers"),
        first=_("Tenth"),
        width=400,
        height=220,
    )


def roc(card: Mapping[str, Any]) -> Chart | str:
    """The share of leavers that is found, by the share of stayers called with them."""
    found = card.get("roc")
    if not found:
        return ""
    steps = len(found) - 1
    later = (card.get("later") or {}).get("roc")
    series = [Series(_("Out of fold"), [round(one * 100, 1) for one in found])]
    if later:
        series.append(Series(_("Out of time"), [round(one * 100, 1) for one in later]))
    series.append(
        Series(_("By chance"), [round(100 * place / steps, 1) for place in range(steps + 1)])
    )
    return line(
        [percent(place / steps) for place in range(steps + 1)],
        series,
        title=_("Leavers found, %, by the share of stayers called with them"),
        first=_("Stayers called"),
        width=400,
        height=220,
    )  # fmt: skip


def lifts(curve: Sequence[Mapping[str, Any]], version: ModelVersion) -> Chart | str:
    """How many times the usual rate each tenth has, the riskiest first."""
    if not curve:
        return ""
    found = _lift(curve, version)
    return bars(
        [
            Part(_("Tenth %(n)d") % {"n": place + 1}, round(one, 2), text=f"{number(one, 1)} ×")
            for place, one in enumerate(reversed(found))
        ],
        title=_("Lift, from the riskiest tenth on"),
        width=400,
        unit=_("Times the usual rate"),
    )


def fairness(
    rows: Sequence[Mapping[str, Any]], readings: Sequence[selectors.Drift]
) -> list[dict[str, Any]]:
    """
    The groups with their figures, under the name of what parts them.

    :param readings: the last scoring, for who is called at risk today
    """
    today = readings[-1].flagged if readings else {}
    names = {
        "age": _("Age"),
        "kind": _("Kind"),
        "branch": _("Branch"),
        "segment": _("Segment"),
    }
    branches = selectors.branch_names()
    kinds = {"person": _("Private"), "organisation": _("Business")}
    found = []
    for key, label in names.items():
        groups = [
            {
                **row,
                "label": _group(row["group"], key, branches, kinds),
                "today": today.get(f"{key}:{row['group']}"),
            }
            for row in rows
            if row["dimension"] == key
        ]
        if len(groups) > 1:
            found.append({"label": label, "groups": groups})
    return found


def candidates(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What was tried, and what each reached."""
    return [
        {
            "label": _("pairs of features") if row["pairwise"] else _("free"),
            "leaves": row["leaves"],
            "trees": row["trees"],
            "fold": row["areas"][0],
            "time": row["areas"][1] if len(row["areas"]) > 1 else None,
            "chosen": row["chosen"],
        }
        for row in rows
    ]


def drift(version: ModelVersion) -> dict[str, Any]:
    """How far today's customers lie from those learnt from, and how that came about."""
    readings = selectors.drift_of(version=version)
    if not readings:
        return {"drift": None}
    newest = readings[-1]
    moved = sorted(newest.indices.items(), key=lambda item: -item[1])
    strange = [name for name, index in moved if index >= STRANGE]
    return {
        "drift": newest,
        "drift_word": _index_word(newest.indices.get("score", 0.0)),
        "drift_strange": [_label(name) for name in strange],
        "drift_bars": bars(
            [
                Part(
                    _label(name), round(index, 3), text=f"{number(index, 3)} · {_index_word(index)}",
                    kind="bad" if index >= STRANGE else "data" if index >= MOVED else "soft",
                )
                for name, index in moved[:12]
            ],
            title=_("Population stability index"),
            width=640,
        ),
        "drift_line": line(
            [dated(one.on, "j M") for one in readings],
            [Series(_("Score"), [round(one.indices.get("score", 0.0), 4) for one in readings])],
            title=_("Drift of the score"),
            target=STRANGE,
            width=640,
            height=160,
        )
        if len(readings) > 1
        else "",
    }  # fmt: skip


def _lift(curve: Sequence[Mapping[str, Any]], version: ModelVersion) -> list[float]:
    usual = version.metrics.get("positive_rate") or 0.0
    return [one["seen"] / usual if usual else 0.0 for one in curve]


def _figure(metrics: Mapping[str, Any], key: str) -> str:
    if key not in metrics:
        return "–"
    interval = metrics.get(f"{key}_interval")
    told = number(metrics[key], 3)
    return f"{told} ({number(interval[0], 3)}–{number(interval[1], 3)})" if interval else told


def _plain(value: float | None, places: int) -> str:
    return "–" if value is None else number(value, places)


def _counted(metrics: Mapping[str, Any]) -> str:
    if "rows" not in metrics:
        return "–"
    return f"{number(metrics['rows'])} · {percent(metrics.get('positive_rate', 0), 1)}"


def _label(code: str) -> str:
    return _("The score itself") if code == "score" else gettext(LABELS.get(code, code))


def _index_word(index: float) -> str:
    if index >= STRANGE:
        return _("another population")
    return _("moved") if index >= MOVED else _("steady")


def _group(code: str, dimension: str, branches: Mapping[str, str], kinds: Mapping[str, str]) -> str:
    if dimension == "branch":
        return branches.get(code, _("a branch that is gone"))
    if dimension == "kind":
        return str(kinds.get(code, code))
    if dimension == "age":
        low, _sign, high = code.partition("-")
        if not low:
            return _("below %(age)s") % {"age": high}
        if not high:
            return _("%(age)s and above") % {"age": low}
        return f"{low}–{int(high) - 1}"
    return code
