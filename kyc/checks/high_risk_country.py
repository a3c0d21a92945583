from django.utils.translation import gettext_lazy as _

from kyc.checks import Finding, Subject, register


@register("high_risk_country", label=_("High-risk countries"))
def high_risk_country(subject: Subject) -> Finding:
    """
    Nationality, residence or tax residence in a country on the bank's list of high-risk
    countries asks for enhanced due diligence (AMLR art. 29).
    """
    countries = {*subject.nationalities, subject.residence_country, *subject.tax_countries}
    found = sorted(countries & subject.high_risk_countries)
    if found:
        return Finding(False, "country_high_risk", {"countries": found})
    return Finding(True, "country_none")
