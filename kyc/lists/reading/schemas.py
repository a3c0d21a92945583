"""FollowTheMoney's schemas and codes in the engine's words."""

from kyc.countries import code_of

#: A LegalEntity may be a person as well as a company: of those the kind is not known.
_KINDS = {
    "person": "person",
    "organization": "organisation",
    "organisation": "organisation",
    "company": "organisation",
    "publicbody": "organisation",
    "legalentity": "",
    "vessel": "vessel",
    "airplane": "aircraft",
    "aircraft": "aircraft",
}


def kind_of_schema(schema: str) -> str | None:
    """The kind of party that a schema is, or None where it is no party to be screened."""
    return _KINDS.get(schema.strip().lower())


def country_of(code: str) -> str:
    """`dk`, or `ua-cri` for a region; longer codes (`suhh`, a former country) have none."""
    country, dash, _region = code.strip().partition("-")
    return code_of(country if dash and len(country) == 2 else code)
