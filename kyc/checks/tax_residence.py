from django.utils.translation import gettext_lazy as _

from kyc.checks import Finding, Subject, register

US = "US"


@register("tax_residence", label=_("Tax residence"))
def tax_residence(subject: Subject) -> Finding:
    """
    Where the customer is liable to tax is on record (CRS, section IV of its annex), and it does
    not leave out the United States where a nationality or the residence points there (FATCA,
    annex I to the agreements: indicia are cured by a self-certification).
    """
    if not subject.tax_countries:
        return Finding("tax_country" not in subject.asked, "tax_unknown")
    if (
        US in (*subject.nationalities, subject.residence_country)
        and US not in subject.tax_countries
    ):
        return Finding(False, "tax_us_indicia")
    return Finding(True, "tax_known", {"countries": sorted(subject.tax_countries)})
