"""A report as goAML XML, and what it still lacks."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from xml.etree.ElementTree import Element as Node
from xml.etree.ElementTree import SubElement, indent, tostring

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core.models import User
from customers.models import Holding, PartyKind, Transaction
from kyc.models import SuspicionReport
from kyc.suspicion import goaml, structure
from kyc.suspicion.codes import CodeBook, code_book
from kyc.suspicion.subjects import Subject

_CENT = Decimal("0.01")
#: goAML has no name for who is not known; nothing is made up.
_NOT_RECORDED = "not recorded"
#: Kinds of transactions that the bank's own counter or book is the other side of.
_HERE = frozenset({"cash", "fee", "interest", "loan"})


def build(
    *,
    report: SuspicionReport,
    subject: Subject,
    transactions: Iterable[Transaction],
    reporter: User | None,
    at: datetime,
) -> Node:
    """The tree of a report; what is not known is left out, and `faults` tells of it."""
    codes = code_book()
    root = Node("report")
    _add(root, "rentity_id", settings.CLM_GOAML_ENTITY or "")
    _add(root, "submission_code", "E")
    _add(root, "report_code", report.kind)
    _add(root, "entity_reference", report.reference)
    _add(root, "submission_date", _instant(at))
    _add(root, "currency_code_local", settings.CLM_CURRENCY)
    if reporter is not None and reporter.first_name and reporter.last_name:
        person = SubElement(root, "reporting_person")
        _add(person, "first_name", reporter.first_name)
        _add(person, "last_name", reporter.last_name)
        _add(person, "email", reporter.email)
    _add(root, "reason", report.reason)
    _add(root, "action", report.action)
    if report.kind == SuspicionReport.Kind.STR:
        for one in transactions:
            _transaction(root, one, report.rates, subject, codes)
    else:
        party = SubElement(
            SubElement(SubElement(root, "activity"), "report_parties"), "report_party"
        )
        _party(party, subject, codes, "")
        _add(party, "significance", "10")
    if report.indicators:
        listed = SubElement(root, "report_indicators")
        for indicator in report.indicators:
            _add(listed, "indicator", indicator)
    return root


def faults(root: Node) -> list[structure.Fault]:
    """In what the tree differs from the structure and the code lists."""
    return structure.faults(root, goaml.REPORT, code_book().lists)


def written(root: Node) -> bytes:
    """The tree as a file, in UTF-8 with its declaration."""
    indent(root)
    declared = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f"{declared}{tostring(root, encoding='unicode')}\n".encode()


def label(path: str) -> str:
    """What the last elements of a path are called on the page; "" where they have no name there."""
    names = {
        "rentity_id": _("The bank’s number at the authority (CLM_GOAML_ENTITY)"),
        "swift": _("The bank’s SWIFT code (CLM_GOAML_SWIFT)"),
        "reason": _("Reason for the suspicion"),
        "report_indicators": _("Indicators"),
        "indicator": _("Indicators"),
        "amount_local": _("Exchange rate"),
        "first_name": _("Given names"),
        "last_name": _("Family name"),
        "from_country": _("Country that the money came from"),
        "to_country": _("Country that the money went to"),
        "city": _("City of an address"),
        "address": _("Address"),
    }
    return names.get(path.rsplit("/", 1)[-1].split("[")[0], "")


def _transaction(
    root: Node, one: Transaction, rates: Mapping[str, str], subject: Subject, codes: CodeBook
) -> None:
    node = SubElement(root, "transaction")
    _add(node, "transactionnumber", one.external_id[:50] or one.pk.hex)
    _add(node, "internal_ref_number", one.pk.hex)
    _add(node, "transaction_description", one.text)
    _add(node, "date_transaction", _day(one.booked_on))
    _add(node, "value_date", _day(one.valued_on) if one.valued_on else "")
    _add(node, "transmode_code", codes.code("conduction_type", one.kind))
    _add(node, "amount_local", _local(one, rates))
    money_in = one.amount > 0
    for side, own in (("from", not money_in), ("to", money_in)):
        part = SubElement(node, f"t_{side}_my_client" if own else f"t_{side}")
        _add(part, f"{side}_funds_code", codes.code("funds_code", one.kind))
        if own and one.currency != settings.CLM_CURRENCY and one.currency in rates:
            foreign = SubElement(part, f"{side}_foreign_currency")
            _add(foreign, "foreign_currency_code", one.currency)
            _add(foreign, "foreign_amount", _number(abs(one.amount)))
            _add(foreign, "foreign_exchange_rate", rates[one.currency])
        if own:
            if one.holding is not None:
                _account(SubElement(part, f"{side}_account"), one.holding, subject, codes)
            else:
                _party(part, subject, codes, f"{side}_")
            _add(part, f"{side}_country", settings.CLM_COUNTRY)
        else:
            _counterparty(part, side, one, codes.code("country"))


def _counterparty(part: Node, side: str, one: Transaction, unknown_country: str) -> None:
    """Of the other side the name is known, and of the account its last digits only."""
    entity = SubElement(part, f"{side}_entity")
    _add(entity, "name", one.counterparty_name or _NOT_RECORDED)
    _add(entity, "comments", one.counterparty_account)
    here = settings.CLM_COUNTRY if one.kind in _HERE else ""
    _add(part, f"{side}_country", one.counterparty_country or here or unknown_country)


def _account(node: Node, holding: Holding, subject: Subject, codes: CodeBook) -> None:
    _add(node, "institution_name", settings.CLM_BANK_NAME)
    _add(node, "swift", settings.CLM_GOAML_SWIFT)
    _add(node, "account", holding.reference)
    _add(node, "currency_code", holding.currency)
    _add(node, "account_name", holding.product.name_da)
    _add(node, "personal_account_type", codes.code("account_type", holding.product.category))
    if subject.kind == PartyKind.PERSON:
        signatory = SubElement(node, "signatory")
        _add(signatory, "is_primary", "true")
        _person(SubElement(signatory, "t_person"), subject, codes)
        _add(signatory, "role", codes.code("account_person_role_type"))
    else:
        _entity(SubElement(node, "t_entity"), subject, codes)
    _add(node, "opened", _day(holding.opened_on))
    _add(node, "closed", _day(holding.closed_on) if holding.closed_on else "")
    standing = "closed" if holding.closed_on else "open"
    _add(node, "status_code", codes.code("account_status_code", standing))


def _party(node: Node, subject: Subject, codes: CodeBook, side: str) -> None:
    if subject.kind == PartyKind.PERSON:
        _person(SubElement(node, f"{side}person"), subject, codes)
    else:
        _entity(SubElement(node, f"{side}entity"), subject, codes)


def _person(node: Node, subject: Subject, codes: CodeBook) -> None:
    _add(node, "first_name", subject.given_names)
    _add(node, "last_name", subject.family_name)
    _add(node, "birthdate", _day(subject.born_on) if subject.born_on else "")
    _add(node, "birth_place", subject.birth_place)
    _add(node, "ssn", subject.number_of("cpr"))
    if passport := subject.identifier_of("passport"):
        _add(node, "passport_number", passport.number)
        _add(node, "passport_country", passport.country)
    _add(node, "id_number", subject.number_of("national", "id_card"))
    for place, country in enumerate(subject.nationalities[:3], start=1):
        _add(node, f"nationality{place}", country)
    _add(node, "residence", subject.residence_country)
    _reached(node, subject, codes)
    _add(node, "occupation", subject.occupation)
    _add(node, "tax_number", subject.number_of("tax"))


def _entity(node: Node, subject: Subject, codes: CodeBook) -> None:
    _add(node, "name", subject.name)
    form = codes.code("entity_legal_form_type", subject.legal_form)
    _add(node, "incorporation_legal_form", form)
    _add(node, "incorporation_number", subject.number_of("cvr", "company", "lei"))
    _reached(node, subject, codes)
    _add(node, "incorporation_country_code", subject.residence_country)
    _add(node, "tax_number", subject.number_of("tax"))


def _reached(node: Node, subject: Subject, codes: CodeBook) -> None:
    if subject.phones:
        listed = SubElement(node, "phones")
        for number in subject.phones:
            phone = SubElement(listed, "phone")
            _add(phone, "tph_contact_type", codes.code("contact_type"))
            _add(phone, "tph_communication_type", codes.code("communication_type"))
            _add(phone, "tph_number", number)
    # The structure asks for both; an address without them is left out rather than made up.
    complete = [one for one in subject.addresses if one.line and one.city]
    if complete:
        listed = SubElement(node, "addresses")
        for known in complete:
            address = SubElement(listed, "address")
            _add(address, "address_type", codes.code("contact_type", known.kind))
            _add(address, "address", known.line)
            _add(address, "city", known.city)
            _add(address, "zip", known.zip)
            _add(address, "country_code", known.country)
    _add(node, "email", subject.email)


def _add(parent: Node, name: str, value: object) -> None:
    """An element with its text; none where there is nothing to say."""
    text = structure.cleaned(str(value))
    if text:
        SubElement(parent, name).text = text


def _local(one: Transaction, rates: Mapping[str, str]) -> str:
    if one.currency == settings.CLM_CURRENCY:
        return _number(abs(one.amount))
    rate = rates.get(one.currency)
    return _number(abs(one.amount) * Decimal(rate)) if rate else ""


def _number(amount: Decimal) -> str:
    return str(amount.quantize(_CENT, ROUND_HALF_UP))


def _day(day: date) -> str:
    return datetime.combine(day, time()).isoformat()


def _instant(at: datetime) -> str:
    return timezone.localtime(at).replace(tzinfo=None, microsecond=0).isoformat()
