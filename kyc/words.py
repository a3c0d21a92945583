"""What codes are called on pages and in the API."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kyc import checks, monitoring


def feature(code: str, facts: Mapping[str, Any]) -> str:
    """A feature of a score in words."""
    words = {
        "name_equal": _("Name is equal"),
        "name_words": _("Name, %(alike)s alike"),
        "name_joined": _("Name run together, %(alike)s alike"),
        "name_differs": _("Name differs"),
        "name_empty": _("No name"),
        "words_differ": _("Words differ"),
        "words_missing": _("Words on one side only"),
        "initials_differ": _("Initials differ"),
        "generations_swapped": _("Child and father changed places"),
        "number_same": _("A number in common"),
        "form_same": _("Same legal form"),
        "form_differs": _("Legal form differs"),
        "alias_weak": _("Weak alias"),
        "born_same": _("Born the same day"),
        "born_fits": _("Birth fits what the list says"),
        "born_swapped": _("Day and month swapped"),
        "born_same_year": _("Same year, other day"),
        "born_near": _("Born a year apart"),
        "born_differs": _("Born %(years)s years apart"),
        "country_same": _("Country in common"),
        "country_differs": _("No country in common"),
        "gender_differs": _("A man and a woman"),
        "kind_differs": _("Another kind"),
        "at_most": _("No more than 100"),
        "at_least": _("No less than 0"),
    }
    text = words.get(code, code)
    try:
        return text % facts
    except (KeyError, TypeError):
        return text


def finding(code: str, facts: Mapping[str, Any]) -> str:
    """A check's finding in words."""
    listed = ", ".join(str(one) for one in facts.get("countries", ()))
    missing = {"identifier": _("identity number"), "born_on": _("date of birth")}
    values = {
        **facts,
        "countries": listed,
        "rules": ", ".join(str(one) for one in facts.get("rules", ())),
        "on": day(facts.get("on")),
        "missing": ", ".join(missing.get(str(one), str(one)) for one in facts.get("missing", ())),
    }
    words = {
        "sanctions_true": _("Is a listed party"),
        "sanctions_hits": _("Likely matches: %(count)s, the highest with score %(top)s"),
        "sanctions_known": _("Matches decided before on the same facts: %(count)s"),
        "sanctions_no_name": _("The name cannot be compared: it has fewer than two letters"),
        "sanctions_none": _("No match on any list in force"),
        "identity_missing": _("Missing: %(missing)s"),
        "identity_present": _("Identity data are on record"),
        "country_high_risk": _("High-risk country: %(countries)s"),
        "country_none": _("No high-risk country"),
        "age_unknown": _("Date of birth is not known"),
        "age_impossible": _("The date of birth cannot be true"),
        "age_minor": _("%(years)s years old: needs a guardian"),
        "age_adult": _("%(years)s years old"),
        "owners_not_asked": _("A person has no owners"),
        "owners_contradict": _("The recorded owners contradict each other: see Relations"),
        "owners_unknown": _("Owners of %(share)s are not recorded"),
        "owners_none": _("No owner and no director is recorded"),
        "owners_management": _("No beneficial owner; senior managers stand in: %(count)s"),
        "owners_found": _("Beneficial owners: %(count)s"),
        "owned_by_listed": _("Listed parties own or control it (%(rules)s): treated as listed"),
        "owned_by_likely": _("Parties with an undecided match own or control it (%(rules)s)"),
        "owned_by_none": _("No listed party owns or controls it"),
        "register_differs": _("Differences from the company register that stand open: %(count)s"),
        "register_none": _("No difference from the company register stands open"),
        "document_valid": _("An accepted identity document is good until %(on)s")
        if facts.get("on")
        else _("An identity document is accepted"),
        "document_expiring": _("The identity document runs out on %(on)s"),
        "document_expired": _("The identity document ran out on %(on)s"),
        "document_rejected": _("The identity document was rejected, and no other is accepted"),
        "document_waiting": _("An identity document is here that nobody has looked at yet"),
        "document_missing": _("An identity document is asked for and not here"),
        "document_not_asked": _("No identity document is asked for"),
        "pep_confirmed": _("Politically exposed: enhanced due diligence"),
        "pep_none": _("Not known to be politically exposed"),
        "media_confirmed": _("Written about: %(count)s confirmed entries"),
        "media_none": _("Nothing confirmed from the press"),
        "address_present": _("An address is on record"),
        "address_missing": _("No address is on record"),
        "funds_shown": _("An accepted document says where the funds come from"),
        "funds_missing": _("No accepted document says where the funds come from"),
        "funds_not_asked": _("No proof of funds is asked for"),
        "tax_known": _("Liable to tax in: %(countries)s"),
        "tax_unknown": _("Tax residence is not on record"),
        "tax_us_indicia": _("Points to the United States, which is no tax residence on record"),
        "alerts_open": _("Transaction alerts to be judged: %(count)s"),
        "alerts_none": _("No transaction alert is to be judged"),
    }
    text = words.get(code, code)
    try:
        return text % values
    except (KeyError, TypeError):
        return text


def factor(code: str, facts: Mapping[str, Any]) -> str:
    """A risk factor in words."""
    values = {
        **facts,
        "countries": ", ".join(str(one) for one in facts.get("countries", ())),
        "products": ", ".join(str(one) for one in facts.get("products", ())),
    }
    words = {
        "high_risk_country": _("High-risk country: %(countries)s"),
        "lives_outside": _("Lives outside the EEA: %(country)s"),
        "organisation": _("Legal person"),
        "likely_hit": _("Likely matches on lists: %(count)s"),
        "listed": _("Listed"),
        "several_tax_countries": _("Tax residence in %(count)s countries"),
        "no_identifier": _("No identity number on record"),
        "pep": _("Politically exposed"),
        "products": _("Products of higher risk: %(products)s"),
        "channel": _("Came without meeting: %(channel)s"),
        "turnover": _("Turnover of a year: %(amount)s %(currency)s"),
    }
    text = words.get(code, code)
    try:
        return text % values
    except (KeyError, TypeError):
        return text


def reason(code: str, facts: Mapping[str, Any]) -> str:
    """Why a case asks what it asks."""
    levels = {"low": _("Low"), "medium": _("Medium"), "high": _("High")}
    parts = {
        "born_on": _("date of birth"),
        "identifiers": _("identity number"),
        "nationalities": _("nationalities"),
        "residence_country": _("country of residence"),
        "tax_countries": _("tax residence"),
    }
    values = {
        **facts,
        "fields": ", ".join(parts.get(str(one), str(one)) for one in facts.get("fields", ())),
        "lists": ", ".join(str(one) for one in facts.get("lists", ())),
        "before": levels.get(str(facts.get("before")), ""),
        "after": levels.get(str(facts.get("after")), ""),
        "on": day(facts.get("on")),
        "rule": _rule(str(facts.get("rule", ""))),
    }
    words = {
        "review_due": _("The review is due on %(on)s"),
        "rules_changed": _("Risk model %(number)s: %(before)s before, %(after)s now"),
        "ownership_changed": _("Who owns or directs it was changed"),
        "customer_changed": _("Changed: %(fields)s"),
        "list_changed": _("A new match on %(lists)s"),
        "register_discrepancy": _("%(register)s says otherwise in %(count)s places; by %(on)s"),
        "document_expiring": _("Identity document: runs out on %(on)s"),
        "document_expire": _("Identity document: ran out on %(on)s"),
        "document_reject": _("Identity document: was rejected"),
        "name_unscreenable": _("The changed name cannot be compared with any list"),
        "alert": _("Transaction alert: %(rule)s"),
        "reactivated": _("The customer was dormant and is back"),
    }
    if code == "customer_changed" and facts.get("lists"):
        return _("A new match on %(lists)s after a change") % values
    text = words.get(code, code)
    try:
        return text % values
    except (KeyError, TypeError):
        return text


def _rule(kind: str) -> str:
    known = monitoring.registered().get(kind)
    return str(known.label) if known else kind


def day(text: Any) -> str:
    """A day in ISO as the reader writes it; empty where it is none."""
    try:
        return str(date_format(date.fromisoformat(str(text)), "SHORT_DATE_FORMAT"))
    except ValueError:
        return ""


def check_label(kind: str) -> str:
    known = checks.registered().get(kind)
    return str(known.label) if known else kind
