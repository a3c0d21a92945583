"""Projects in words: what was measured, expected and changed, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from clm.core.models import User
from clm.core.web.words import money, number, percent
from journeys import selectors
from journeys.models import Journey, MappingProject, PlannedAction


@dataclass(frozen=True)
class PlanRow:
    """One action as the plan tells it."""

    title: str
    opportunity: str
    owner: str
    due_on: date | None
    done_on: date | None
    expected: str
    measured: str
    rests_on: str


def plan_rows(*, project: MappingProject, actor: User, at: datetime) -> list[PlanRow]:
    """The action plan with what each action changed, as far as the actor reaches."""
    rows = []
    for action in selectors.actions_of(project=project):
        told = effect(action, selectors.effect_of(action=action, actor=actor, at=at))
        rows.append(
            PlanRow(
                title=action.title,
                opportunity=str(action.opportunity or ""),
                owner=str(action.owner or ""),
                due_on=action.due_on,
                done_on=action.done_on,
                expected=expected(action),
                measured=told["say"],
                rests_on=told.get("rest", ""),
            )
        )
    return rows


def nothing_to_count() -> str:
    return _(
        "There is nothing to count: the project is bound to no journey, or the journey holds no"
        " events that you may see."
    )


def assumptions(project: MappingProject, found: selectors.Impact) -> list[str]:
    """What the business impact rests on, a sentence each."""
    lines = [
        _("A customer is worth %(value)s a year.") % {"value": money(round(found.assumed.value))}
        if project.customer_value is not None
        else _("A customer is worth %(value)s a year: what customers earn the bank on average.")
        % {"value": money(round(found.assumed.value))},
        _("A customer stays %(years)s years.") % {"years": number(found.assumed.years, 1)},
        _("A case counts as given up after %(days)d days of silence.")
        % {"days": found.assumed.horizon_days},
        _("Every case given up is a customer lost, and of those %(low)s to %(high)s could be kept.")
        % {
            "low": percent(found.scenarios[0].assumed.achieved),
            "high": percent(found.scenarios[-1].assumed.achieved),
        },
        _("Amounts of later years are not discounted."),
    ]
    if found.lifetime_measured is not None:
        lines.append(
            _("The model of lifetime value says %(value)s on average.")
            % {"value": money(round(found.lifetime_measured))}
        )
    return lines


def measured(project: MappingProject, found: Mapping[str, Any]) -> list[str]:
    """What was measured of a step, in words; nothing where nothing was."""
    if not found:
        return []
    own = project.journey is not None and project.journey.source == Journey.Source.LIFE_CYCLE
    days = (found.get("wait_median_s") or 0) / 86_400
    lines = [
        _("%(names)s: %(cases)s cases, friction %(friction)d of 100, median wait %(days)s days")
        % {
            "names": ", ".join(activity(name, own=own) for name in found["activities"]),
            "cases": number(found["cases"]),
            "friction": found["friction"],
            "days": number(days, 1),
        }
    ]
    if found.get("cost_year") is not None:
        lines.append(_cost(found))
    return lines


def _cost(found: Mapping[str, Any]) -> str:
    cost = money(round(found["cost_year"]))
    if found.get("cost_low") is None:
        return _("Costs about %(cost)s a year") % {"cost": cost}
    return _("Costs about %(cost)s a year (95 %% interval %(low)s to %(high)s)") % {
        "cost": cost,
        "low": number(found["cost_low"]),
        "high": number(found["cost_high"]),
    }


def activity(name: str, *, own: bool) -> str:
    """An activity as the reader sees it; the platform's own words have a translation."""
    return _(name) if own else name


def expected(action: PlannedAction) -> str:
    """What an action is meant to change, and for whom."""
    if not action.metric:
        return ""
    words = str(action.get_metric_display())
    if action.activity:
        words += f" “{action.activity}”"
    if action.expected is not None:
        words += f": {amount(action, float(action.expected))}"
    if action.group:
        group = selectors.group_name(group_by=action.group_by, group=action.group)
        words += f" ({group})"
    return words


def amount(action: PlannedAction, value: float) -> str:
    """A change in the unit of the action's metric, with its sign."""
    text = number(abs(value), 1)
    sign = "+" if value > 0 else "−" if value < 0 else ""
    if action.metric == PlannedAction.Metric.GIVEN_UP:
        return _("%(amount)s percentage points") % {"amount": f"{sign}{text}"}
    return _("%(amount)s days") % {"amount": f"{sign}{text}"}


def effect(action: PlannedAction, seen: selectors.Effect) -> dict[str, str]:
    """A measured effect in a sentence, and beneath it what it rests on."""
    if seen.state == "open":
        return {"say": _("Not done yet")}
    if seen.state == "unbound":
        return {"say": _("Nothing is measured: say what it is to change, and for whom")}
    found = seen.found or {}
    sizes = {
        "was": number(found["sizes"][0]), "now": number(found["sizes"][2]),
        "was_there": number(found["sizes"][1]), "now_there": number(found["sizes"][3]),
    }  # fmt: skip
    rest = _(
        "Cases: %(was)s before and %(now)s after; compared %(was_there)s before and"
        " %(now_there)s after"
    )
    needed = {"count": number(found["needed"])}
    if seen.state == "waiting":
        say = _("Not known yet: at least %(count)s cases in each group are needed") % needed
        return {"say": say, "rest": rest % sizes}
    values = {
        "amount": amount(action, found["difference"]),
        "low": number(found["low"], 1),
        "high": number(found["high"], 1),
    }
    if seen.state == "unclear":
        say = _("No change shown: %(amount)s (95 %% interval %(low)s to %(high)s)") % values
        more = _("About %(count)s cases in each group would show the expected change") % needed
        return {"say": say, "rest": f"{rest % sizes}. {more}"}
    say = _("%(amount)s against the comparison group (95 %% interval %(low)s to %(high)s)") % values
    return {"say": say, "rest": rest % sizes}


def by_one(impact: selectors.Impact | None) -> list[tuple[str, float, float]]:
    """The sensitivity table with its assumptions in words."""
    words = {
        "achieved": _("Share of the lost customers that is kept (10 % to 40 %)"),
        "value": _("What a customer is worth a year (30 % less to 30 % more)"),
        "years": _("Years a customer stays (30 % fewer to 30 % more)"),
    }
    return [(words[name], low, high) for name, low, high in impact.by_one] if impact else []
