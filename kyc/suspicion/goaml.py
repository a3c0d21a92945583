"""
The structure of a goAML report: elements, order, occurrence, types and lengths.

Written from the terms of UNODC's "Standard XML Reporting Instructions and Specifications", schema
4.0: of the whole standard, what the platform sends. Which codes there are is the authority's list
(`kyc.suspicion.codes`). What was not looked at is told in docs/suspicion-reports.md.
"""

from kyc.suspicion.structure import (
    AMOUNT,
    COUNTRY,
    CURRENCY,
    FLAG,
    INSTANT,
    Choice,
    Element,
    Part,
    code,
    many,
    maybe,
    one,
    text,
    whole,
)

ADDRESS: tuple[Part, ...] = (
    one("address_type", code("contact_type")),
    one("address", text(100)),
    maybe("town", text(255)),
    one("city", text(255)),
    maybe("zip", text(10)),
    one("country_code", COUNTRY),
    maybe("state", text(255)),
    maybe("comments", text(4000)),
)
PHONE: tuple[Part, ...] = (
    one("tph_contact_type", code("contact_type")),
    one("tph_communication_type", code("communication_type")),
    maybe("tph_country_prefix", text(4)),
    one("tph_number", text(50)),
    maybe("tph_extension", text(10)),
    maybe("comments", text(4000)),
)
PERSON: tuple[Part, ...] = (
    maybe("gender", code("gender")),
    maybe("title", text(30)),
    one("first_name", text(100)),
    maybe("middle_name", text(100)),
    maybe("prefix", text(100)),
    one("last_name", text(100)),
    maybe("birthdate", INSTANT),
    maybe("birth_place", text(255)),
    maybe("mothers_name", text(100)),
    maybe("alias", text(100)),
    maybe("ssn", text(25)),
    maybe("passport_number", text(25)),
    maybe("passport_country", COUNTRY),
    maybe("id_number", text(25)),
    maybe("nationality1", COUNTRY),
    maybe("nationality2", COUNTRY),
    maybe("nationality3", COUNTRY),
    maybe("residence", COUNTRY),
    maybe("phones", (many("phone", PHONE),)),
    maybe("addresses", (many("address", ADDRESS),)),
    maybe("email", text(255)),
    maybe("occupation", text(255)),
    maybe("tax_number", text(100)),
    maybe("comments", text(4000)),
)
ENTITY: tuple[Part, ...] = (
    one("name", text(255)),
    maybe("commercial_name", text(255)),
    maybe("incorporation_legal_form", code("entity_legal_form_type")),
    maybe("incorporation_number", text(50)),
    maybe("business", text(255)),
    maybe("phones", (many("phone", PHONE),)),
    maybe("addresses", (many("address", ADDRESS),)),
    maybe("email", text(255)),
    maybe("incorporation_country_code", COUNTRY),
    maybe("tax_number", text(100)),
    maybe("comments", text(4000)),
)
SIGNATORY: tuple[Part, ...] = (
    maybe("is_primary", FLAG),
    one("t_person", PERSON),
    maybe("role", code("account_person_role_type")),
)
ACCOUNT: tuple[Part, ...] = (
    maybe("institution_name", text(255)),
    Choice((one("institution_code", text(50)), one("swift", text(11)))),
    maybe("non_bank_institution", FLAG),
    maybe("branch", text(255)),
    one("account", text(50)),
    maybe("currency_code", CURRENCY),
    maybe("account_name", text(255)),
    maybe("iban", text(34)),
    maybe("client_number", text(30)),
    maybe("personal_account_type", code("account_type")),
    maybe("t_entity", ENTITY),
    many("signatory", SIGNATORY, least=0),
    maybe("opened", INSTANT),
    maybe("closed", INSTANT),
    maybe("balance", AMOUNT),
    maybe("date_balance", INSTANT),
    maybe("status_code", code("account_status_code")),
    maybe("comments", text(4000)),
)
FOREIGN: tuple[Part, ...] = (
    one("foreign_currency_code", CURRENCY),
    one("foreign_amount", AMOUNT),
    one("foreign_exchange_rate", AMOUNT),
)


def _side(side: str) -> tuple[Part, ...]:
    """Where money came from, or where it went (`side` is `from` or `to`)."""
    return (
        one(f"{side}_funds_code", code("funds_code")),
        maybe(f"{side}_funds_comment", text(255)),
        maybe(f"{side}_foreign_currency", FOREIGN),
        Choice(
            (
                one(f"{side}_account", ACCOUNT),
                one(f"{side}_person", PERSON),
                one(f"{side}_entity", ENTITY),
            )
        ),
        one(f"{side}_country", COUNTRY),
    )


TRANSACTION: tuple[Part, ...] = (
    one("transactionnumber", text(50)),
    maybe("internal_ref_number", text(50)),
    maybe("transaction_location", text(255)),
    maybe("transaction_description", text(4000)),
    one("date_transaction", INSTANT),
    maybe("value_date", INSTANT),
    one("transmode_code", code("conduction_type")),
    maybe("transmode_comment", text(50)),
    one("amount_local", AMOUNT),
    Choice((one("t_from_my_client", _side("from")), one("t_from", _side("from")))),
    Choice((one("t_to_my_client", _side("to")), one("t_to", _side("to")))),
    maybe("comments", text(4000)),
)
REPORT_PARTY: tuple[Part, ...] = (
    Choice((one("account", ACCOUNT), one("person", PERSON), one("entity", ENTITY))),
    maybe("significance", whole(0, 10)),
    maybe("reason", text(4000)),
    maybe("comments", text(4000)),
)
ACTIVITY: tuple[Part, ...] = (one("report_parties", (many("report_party", REPORT_PARTY),)),)

#: A report with transactions (STR) or without (SAR).
REPORT = Element(
    "report",
    (
        one("rentity_id", whole(1)),
        maybe("rentity_branch", text(255)),
        one("submission_code", code("submission_type")),
        one("report_code", code("report_code")),
        one("entity_reference", text(255)),
        maybe("fiu_ref_number", text(255)),
        one("submission_date", INSTANT),
        one("currency_code_local", CURRENCY),
        maybe("reporting_person", PERSON),
        maybe("location", ADDRESS),
        one("reason", text(4000)),
        maybe("action", text(4000)),
        Choice((many("transaction", TRANSACTION), one("activity", ACTIVITY))),
        one("report_indicators", (many("indicator", code("report_indicator")),)),
    ),
)
