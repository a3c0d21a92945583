"""The case file as a zip: a PDF for people, the data for machines, and the digests of both."""

import io
import json
import zipfile
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from clm.core.documents import pdf
from kyc import alert_words, words
from kyc.casefile.facts import collect
from kyc.lifecycle import CaseState
from kyc.models import Case, HitState, ReasonCode, Trigger

TEMPLATE = Path(__file__).with_name("file.typ")
#: Every member of the zip has this date, or the same file would differ by the minute.
_DATED = (1980, 1, 1, 0, 0, 0)


def archive(*, case: Case, language: str) -> bytes:
    """`case.json`, `case.pdf` (PDF/UA) and `SHA256SUMS`; the same facts give the same bytes."""
    with translation.override(language):
        facts = collect(case=case)
        at = datetime.fromisoformat(facts["as_of"])
        document = pdf(template=TEMPLATE, content=_content(facts, language), at=at)
    data = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True).encode()
    members = {"case.json": data, "case.pdf": document}
    sums = "".join(f"{sha256(raw).hexdigest()}  {name}\n" for name, raw in members.items())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, raw in {**members, "SHA256SUMS": sums.encode()}.items():
            packed.writestr(zipfile.ZipInfo(name, _DATED), raw, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _content(facts: dict[str, Any], language: str) -> dict[str, Any]:
    case, customer = facts["case"], facts["customer"]
    return {
        "title": _("Case file %(reference)s") % {"reference": case["reference"]},
        "bank": settings.CLM_BANK_NAME,
        "language": language,
        "lead": _("%(name)s, as of %(at)s. Confidential: for compliance alone.")
        % {"name": customer["name"], "at": _moment(facts["as_of"])},
        "what": _("What"),
        "value": _("Value"),
        "facts": [
            [_("Opened because"), str(Trigger(case["opened_because"]).label)],
            [_("Opened at"), _moment(case["opened_at"])],
            [_("State"), str(CaseState(case["state"]).label)],
            [_("Risk"), _level(case["risk"])],
            [_("Born"), _day(customer["born_on"])],
            [_("Citizen of"), ", ".join(customer["nationalities"])],
            [_("Lives in"), customer["residence_country"]],
            *([one["kind"].upper(), one["masked"]] for one in customer["identifiers"]),
        ],
        "tables": [one for one in _tables(facts) if one["rows"]],
        "none": _("None"),
    }


def _tables(facts: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "heading": _("Checks"),
            "columns": [_("Round"), _("Check"), _("Finding"), _("At")],
            "rows": [
                [str(one["round"]), words.check_label(one["check"]), one["finding"],
                 _moment(one["at"])]
                for one in facts["checks"]
            ],
        },
        {
            "heading": _("Risk ratings"),
            "columns": [_("Round"), _("Level"), _("Factors"), _("Model")],
            "rows": [
                [str(one["round"]), f"{_level(one['level'])} ({one['score']})",
                 "; ".join(f"{words.factor(each['code'], each['facts'])}: {each['points']:+g}"
                           for each in one["factors"]),
                 str(one["model"])]
                for one in facts["ratings"]
            ],
        },
        {
            "heading": _("Lists that were in force"),
            "columns": [_("List"), _("Version"), _("Loaded"), _("Digest")],
            "rows": [
                [one["list"], str(one["version"]), _moment(one["loaded_at"]), one["digest"][:16]]
                for one in facts["lists"]
            ],
        },
        {
            "heading": _("Hits"),
            "columns": [_("Listed name"), _("Score"), _("Why"), _("Decision")],
            "rows": [
                [f"{one['listed_name']} ({one['list']} {one['entry']})",
                 f"{float(one['score']):.2f} / {float(one['threshold']):.2f} ({one['model']})",
                 "; ".join(f"{each['words']}: {each['points']:+g}" for each in one["explanation"]),
                 _decision(one)]
                for one in facts["hits"]
            ],
        },
        {
            "heading": _("Transaction alerts"),
            "columns": [_("Rule"), _("Score"), _("What was found"), _("Until")],
            "rows": [
                [f"{alert_words.label(one['rule'])} {one['rule_version']}", str(one["score"]),
                 one["words"], _day(str(one["until"]))]
                for one in facts["alerts"]
            ],
        },
        {
            "heading": _("Second person"),
            "columns": [_("Asked by"), _("Reason"), _("Decided by"), _("At")],
            "rows": [
                [one["asked_by"], one["reason"], one["decided_by"], _moment(one["decided_at"])]
                for one in facts["questions"]
            ],
        },
        {
            "heading": _("What happened"),
            "columns": [_("At"), _("By"), _("What"), _("Hash")],
            "rows": [
                [_moment(one["at"]), one["by"], _event(one), one["hash"][:16]]
                for one in facts["events"]
            ],
        },
    ]  # fmt: skip


def _decision(hit: dict[str, Any]) -> str:
    said = [str(HitState(hit["decision"]).label)]
    if hit["reason"]:
        said.append(str(ReasonCode(hit["reason"]).label))
    said += [one for one in (hit["comment"], hit["decided_by"], _moment(hit["decided_at"])) if one]
    return ", ".join(said)


def _event(event: dict[str, Any]) -> str:
    names = [str(CaseState(one).label) for one in (event["from"], event["to"]) if one]
    text = " – ".join(names) if event["to"] else _("Changed")
    return f"{text}: {event['reason']}" if event["reason"] else text


def _level(level: str) -> str:
    return {"low": _("Low"), "medium": _("Medium"), "high": _("High")}.get(level, "–")


def _day(text: str | None) -> str:
    return formats.date_format(datetime.fromisoformat(text), "DATE_FORMAT") if text else "–"


def _moment(text: str | None) -> str:
    if not text:
        return ""
    return formats.date_format(
        timezone.localtime(datetime.fromisoformat(text)), "SHORT_DATETIME_FORMAT"
    )
