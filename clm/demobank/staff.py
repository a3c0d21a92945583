"""The bank’s branches, its people with their sign-ins, and its products."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group

from clm.core import actors, second_factor
from clm.core.models import Branch, User
from customers import services as customers
from customers.models import Product

BRANCHES = {"aarhus": "Aarhus", "odense": "Odense", "kobenhavn": "København", "aalborg": "Aalborg"}


@dataclass(frozen=True)
class Login:
    username: str
    name: str
    role: str
    branch: str
    shown: bool = True

    @property
    def password(self) -> str:
        return f"demo-{self.username}"


LOGINS = [
    Login("ada", "Ada Winther", "adviser", "aarhus"),
    Login("bo", "Bo Lund", "adviser", "odense"),
    Login("pia", "Pia Dahl", "adviser", "kobenhavn", shown=False),
    Login("tom", "Tom Bach", "adviser", "aalborg", shown=False),
    Login("ola", "Ola Friis", "onboarding_officer", "aarhus"),
    Login("line", "Line Kjær", "compliance_analyst", "kobenhavn"),
    Login("karen", "Karen Holm", "compliance_officer", "kobenhavn"),
    Login("mads", "Mads Toft", "compliance_officer", "kobenhavn"),
    Login("rikke", "Rikke Skov", "retention_manager", "kobenhavn"),
    Login("maria", "Maria Brandt", "manager", "kobenhavn"),
    Login("nina", "Nina Gram", "journey_designer", "kobenhavn"),
    Login("dan", "Dan Ravn", "data_analyst", "kobenhavn"),
    Login("aud", "Aud Hald", "auditor", "kobenhavn"),
    Login("admin", "Alex Nørgaard", "administrator", "kobenhavn"),
    Login("max", "Max Krogh", "", "aarhus"),
]

# What the catalogue says besides: price a year, documents, term, ages.
TERMS: dict[str, dict[str, Any]] = {
    "loenkonto": {"documents": ["agreement", "identity"], "minimum_age": 15},
    "basiskonto": {"documents": ["agreement", "identity"]},
    "budgetkonto": {"price_per_year": Decimal(120), "documents": ["agreement"]},
    "visakort": {"price_per_year": Decimal(295), "minimum_age": 15},
    "boliglaan": {
        "documents": ["agreement", "payslip", "tax-statement", "budget", "deed"],
        "minimum_age": 18,
        "countries": ["DK"],
        "term_months": 360,
        "notice_days": 120,
    },
    "forbrugslaan": {
        "documents": ["agreement", "payslip", "budget"],
        "minimum_age": 18,
        "countries": ["DK"],
        "term_months": 60,
    },
    "opsparing": {"term_months": 12, "notice_days": 45},
    "depot": {
        "price_per_year": Decimal(480),
        "documents": ["agreement", "suitability"],
        "minimum_age": 18,
    },
    "pension": {"documents": ["agreement"], "minimum_age": 18, "maximum_age": 70},
    "erhvervskonto": {
        "price_per_year": Decimal(1_800),
        "documents": ["agreement", "identity", "accounts"],
    },
}

# code, Danish, English, category, margin a year
PRODUCTS = [
    ("loenkonto", "Lønkonto", "Salary account", "account", 240),
    ("budgetkonto", "Budgetkonto", "Budget account", "account", 120),
    ("visakort", "Visa/Dankort", "Debit card", "card", 180),
    ("boliglaan", "Boliglån", "Home loan", "mortgage", 14_500),
    ("forbrugslaan", "Forbrugslån", "Consumer loan", "loan", 3_800),
    ("opsparing", "Opsparingskonto", "Savings account", "deposit", 350),
    ("depot", "Investeringsdepot", "Investment account", "investment", 2_400),
    ("pension", "Ratepension", "Pension savings", "pension", 1_900),
    ("basiskonto", "Basal betalingskonto", "Basic payment account", "account", 0),
    ("erhvervskonto", "Erhvervskonto", "Business account", "account", 1_500),
]


def make_staff() -> dict[str, User]:
    """Branches and users with their roles, by username; made once."""
    branches = {
        code: Branch.objects.get_or_create(code=code, defaults={"name": name})[0]
        for code, name in BRANCHES.items()
    }
    users = {}
    for login in LOGINS:
        first, last = login.name.split(" ", 1)
        user, made = User.objects.get_or_create(
            username=login.username,
            defaults={
                "first_name": first,
                "last_name": last,
                "branch": branches[login.branch],
                "is_staff": login.role == "administrator",
                "language": "da" if login.username in {"bo", "pia"} else "en",
            },
        )
        if made:
            user.set_password(login.password)
            user.save()
            if login.role:
                user.groups.add(Group.objects.get(name=login.role))
            second_factor.enrol_for_demo(user=user)
        users[login.username] = user
    return users


def make_catalogue(*, at: datetime) -> dict[str, Product]:
    """The products by code; made once."""
    system = actors.system_user()
    known = {product.code: product for product in Product.objects.all()}
    for code, danish, english, category, income in PRODUCTS:
        if code not in known:
            known[code] = customers.add_product(
                code=code,
                name_da=danish,
                name_en=english,
                category=category,
                valid_from=date(2015, 1, 1),
                customer_kinds=["organisation"] if code == "erhvervskonto" else ["person"],
                margin_per_year=Decimal(income),
                channels=["branch", "phone", "online"],
                **TERMS[code],
                actor=system,
                at=at,
            )
    return known
