"""
The risk models and monitoring rules that come with the platform, put in place by migrations; the
bank's own follow as new versions. What was in force stays as it was.
"""

from datetime import UTC, datetime
from typing import Any

# Countries named by Commission Delegated Regulation (EU) 2016/1675 as amended, and by FATF's
# call for action; the bank keeps its own list up to date in its risk model.
HIGH_RISK = [
    "AF",
    "AO",
    "BF",
    "CD",
    "CI",
    "CM",
    "DZ",
    "HT",
    "IR",
    "KE",
    "KP",
    "LA",
    "LB",
    "MC",
    "ML",
    "MM",
    "MZ",
    "NA",
    "NG",
    "NP",
    "SS",
    "SY",
    "TT",
    "TZ",
    "VE",
    "VN",
    "VU",
    "YE",
]

FACTORS = [
    {"code": "high_risk_country", "points": 60, "countries": HIGH_RISK, "level": "high"},
    {"code": "listed", "points": 100, "level": "high"},
    {"code": "likely_hit", "points": 30},
    {
        "code": "lives_outside",
        "points": 20,
        "home": [
            "AT",
            "BE",
            "BG",
            "CY",
            "CZ",
            "DE",
            "DK",
            "EE",
            "ES",
            "FI",
            "FO",
            "FR",
            "GL",
            "GR",
            "HR",
            "HU",
            "IE",
            "IS",
            "IT",
            "LI",
            "LT",
            "LU",
            "LV",
            "MT",
            "NL",
            "NO",
            "PL",
            "PT",
            "RO",
            "SE",
            "SI",
            "SK",
        ],
    },
    {"code": "organisation", "points": 10},
    {"code": "several_tax_countries", "points": 10},
    {"code": "no_identifier", "points": 20},
]
LEVELS = {"medium": 30, "high": 60}

# The second version: politically exposed persons, products, channel and turnover, and the due
# diligence that follows from a level. Years of medium are the policy of the law set of Denmark.
FACTORS_2: list[dict[str, Any]] = [
    *FACTORS,
    {"code": "pep", "points": 60, "level": "high"},
    {"code": "products", "points": 10, "products": ["investment"]},
    {"code": "channel", "points": 5, "channels": ["lead:web", "lead:social", "lead:partner"]},
    {"code": "turnover", "points": 15, "amount": 5_000_000, "currency": "DKK"},
]
_BASIC = ["identifier", "born_on", "residence", "address"]
_MORE = [*_BASIC, "nationality", "contact", "tax_country", "owners"]
DILIGENCE_2: dict[str, Any] = {
    "low": {"kind": "simplified", "years": 5, "hours": 0.5, "requirements": _BASIC},
    "medium": {"kind": "standard", "years": 3, "hours": 2, "requirements": _MORE},
    "high": {
        "kind": "enhanced",
        "years": 1,
        "hours": 6,
        "requirements": [*_MORE, "occupation", "legal_form"],
    },
}


def first_rules(apps: Any, schema_editor: Any) -> None:
    """Version 1 of every monitoring rule, in force with its own defaults."""
    from kyc.monitoring import registered

    shipped = datetime(2026, 1, 1, tzinfo=UTC)
    for kind in registered().values():
        apps.get_model("kyc", "MonitoringRule").objects.get_or_create(
            kind=kind.name,
            number=1,
            defaults={
                "parameters": kind.defaults(),
                "state": "IN_FORCE",
                "state_since": shipped,
                "created_at": shipped,
                "updated_at": shipped,
            },
        )
