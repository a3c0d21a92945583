from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from clm.core import events
from clm.core.models import Branch, User
from customers import services as customer_services
from customers.models import Customer
from kyc import index, services
from kyc.models import Case, Trigger

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"

REACTIONS = {
    ("kyc.Case", "create"): (services.run_checks, services.ask_registers),
    ("kyc.Case", "start_checks"): (services.run_checks,),
    ("kyc.Case", "investigate"): (services.resume_clock,),
    ("kyc.Case", "ask_again"): (services.check_again,),
    ("kyc.Case", "clear"): (services.record_clearance,),
    ("kyc.Case", "reject"): (services.record_rejection,),
    ("kyc.WatchlistVersion", "create"): (services.rescreen_after_load,),
    ("customers.Customer", "change"): (services.customer_changed,),
    ("kyc.RiskModel", "approve"): (services.apply_risk_model,),
    ("customers.Customer", "reactivate"): (services.review_after_sleep,),
    ("customers.Document", "accept"): (services.document_accepted,),
    ("customers.Document", "reject"): (services.review_after_document,),
    ("customers.Document", "expire"): (services.review_after_document,),
    ("customers.Document", "expiring"): (services.review_after_document,),
}


@pytest.fixture(autouse=True)
def _only_kyc_reacts(tmp_path: Path, settings: Any) -> Iterator[None]:
    """KYC's own reactions and no other's; an index of its own for each test."""
    from clm import reactions

    settings.CLM_DATA_DIR = tmp_path
    index._cached = None
    events.subscribe(REACTIONS)
    yield
    events.subscribe(reactions.REACTIONS)
    index._cached = None


@pytest.fixture
def shared() -> Callable[[str], Path]:
    """A path of the shared data; the test skips where they are absent."""

    def find(name: str) -> Path:
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"{name} is not beside this clone")
        return path

    return find


@pytest.fixture
def make_customer(db: None, aarhus: Branch, system: User, now: datetime) -> Callable[..., Customer]:

    def make(given: str = "Mette", family: str = "Sørensen", **fields: Any) -> Customer:
        from clm.core import lifecycle

        values: dict[str, Any] = {
            "kind": "person",
            "given_names": given,
            "family_name": family,
            "born_on": date(1980, 5, 17),
            "nationalities": ["DK"],
            "residence_country": "DK",
            "branch": aarhus,
            "identifiers": [("passport", f"P{abs(hash((given, family))) % 10**7}", "DK")],
            "actor": system,
            "at": now,
        }
        onboarding = fields.pop("onboarding", True)
        customer = customer_services.create_customer(**{**values, **fields})
        if onboarding:
            customer = lifecycle.perform(
                record=customer, name="start_onboarding", actor=system, at=now
            )
        return customer

    return make


@pytest.fixture
def load_names(tmp_path: Path, system: User, now: datetime) -> Callable[..., Any]:
    """Load rows as the list "Test list" (`names-csv`)."""

    def load(*rows: str, name: str = "Test list", force: bool = False) -> Any:
        path = tmp_path / "names.csv"
        text = "entry_id,name,kind,born,country\n" + "".join(
            row + "," * (4 - row.count(",")) + "\n" for row in rows
        )
        path.write_text(text, encoding="utf-8")
        return services.load_list(
            format="names-csv", path=path, name=name, force=force, actor=system, at=now
        )

    return load


@pytest.fixture
def make_case(
    make_customer: Callable[..., Customer],
    system: User,
    now: datetime,
    deliver_all: Callable[..., int],
) -> Callable[..., Case]:
    """A case whose checks have run."""

    def make(*names: str, **fields: Any) -> Case:
        customer = make_customer(*names, **fields)
        case = services.open_case(
            customer=customer, trigger=Trigger.ONBOARDING, actor=system, at=now
        )
        deliver_all()
        case.refresh_from_db()
        return case

    return make
