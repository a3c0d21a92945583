"""
The first risk model and monitoring rules, put in place by migrations; the bank's own follow as
new versions.
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
