"""The stages of a next best action in words, for the reader of the page."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from clm.core.web.words import dated, money, number, percent
from customers.models import Channel
from engagement.models import Refusal
from engagement.nba import STAGES, Candidate, Verdict


@dataclass(frozen=True)
class Told:
    """One stage of one offer: `state` is `yes`, `no`, or empty where it was not reached."""

    label: str
    state: str
    words: str


def labels() -> dict[str, str]:
    return {
        "eligibility": _("Eligibility"),
        "applicability": _("Applicability"),
        "suitability": _("Suitability"),
        "constraints": _("Constraints"),
        "arbitration": _("Arbitration"),
    }


def told(candidate: Candidate) -> list[Told]:
    """Every stage of an offer, also those it did not come to."""
    names, reached = labels(), {one.stage: one for one in candidate.verdicts}
    return [
        Told(names[stage], _state(reached.get(stage)), words(reached.get(stage)))
        for stage in STAGES
    ]


def words(verdict: Verdict | None) -> str:
    """Why a stage says what it says."""
    if verdict is None:
        return _("Not looked at: an earlier stage said no.")
    figures = verdict.figures
    if verdict.stage == "arbitration":
        return arbitration(figures)
    if verdict.code == "ok":
        return _passed(verdict)
    until = _day(figures.get("until"))
    return {
        "catalogue": str(figures.get("reasons", "")),
        "held": _("The customer has it already."),
        "offered": _("It is offered, and not answered yet."),
        "no_margin": _("The bank proposes nothing that it does not earn by."),
        "overdrawn": _("An account is overdrawn: more credit is not proposed."),
        "no_savings": _("Savings are under %(needed)s: they are kept at hand.")
        % {"needed": money(_decimal(figures.get("needed")), "DKK")},
        "not_cleared": _("The customer cannot be sold to at present."),
        "complaint": _("A complaint is open: it is answered first."),
        "rests": _("Rejected (%(reason)s): it rests until %(day)s.")
        % {"reason": _refusal(figures.get("reason")), "day": until},
        "frequency": _("An offer was made lately: the next one from %(day)s.") % {"day": until},
        "consent": str(figures.get("reasons", "")),
    }[verdict.code]


def arbitration(figures: Any) -> str:
    """The reckoning of a score, every factor named."""
    text = _("%(value)s of margin in three years × %(propensity)s likely × %(context)s for the moment") % {
        "value": money(_decimal(figures.get("value")), "DKK"),
        "propensity": percent(figures.get("propensity", 0), 1),
        "context": number(figures.get("context", 1), 2),
    }  # fmt: skip
    parts = [
        _("likely by the model")
        if figures.get("source") == "model"
        else _("likely as others who took it within a year")
    ]
    heard = (figures.get("accepted", 0) or 0) + (figures.get("rejected", 0) or 0)
    if heard:
        parts.append(
            _("advisers’ answers (%(heard)s): × %(factor)s")
            % {"heard": number(heard), "factor": number(figures.get("learnt", 1), 2)}
        )
    named = {
        "mood": _("mood of the last conversation: × %(factor)s"),
        "at_risk": _("at risk: × %(factor)s"),
        "maturing": _("money comes free: × %(factor)s"),
    }
    parts += [
        words_ % {"factor": number(figures[name], 1)}
        for name, words_ in named.items()
        if name in figures
    ]
    return f"{text} ({'; '.join(parts)})"


def _passed(verdict: Verdict) -> str:
    if verdict.stage == "constraints":
        channel = Channel(str(verdict.figures["channel"])).label
        return _("Cleared, may be contacted by %(channel)s, nothing offered lately.") % {
            "channel": str(channel).lower()
        }
    return {
        "eligibility": _("The catalogue allows it."),
        "applicability": _("The customer does not have it."),
        "suitability": _("Nothing speaks against it."),
    }[verdict.stage]


def _state(verdict: Verdict | None) -> str:
    return "" if verdict is None else ("yes" if verdict.passed else "no")


def _refusal(code: Any) -> str:
    return str(Refusal(code).label) if code in Refusal.values else ""


def _day(text: Any) -> str:
    return dated(date.fromisoformat(str(text)), "j F Y") if text else ""


def _decimal(value: Any) -> Any:
    return Decimal(str(value or 0))
