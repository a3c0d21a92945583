"""
Who owns the bank's companies: plain ones, a quarter each, and the planted circle.

The stories of docs/tour.md: four quarters that become beneficial owners when the Union's
regulation applies, three companies that hold in each other, a register that adds up to more
than the whole, and a nominee.
"""

from datetime import date, timedelta
from decimal import Decimal

from clm.core.models import User
from clm.demobank.golive import Bank
from customers import services
from customers.lifecycle import RELATIONSHIP
from customers.models import Customer, PartyKind

SOURCE = "CVR"


def record_owners(bank: Bank) -> None:
    """Give companies of each story their owners, on the day the bank went live."""
    ola = bank.users["ola"]
    known = Customer.objects.filter(stage__in=RELATIONSHIP).order_by("created_at", "id")
    near, far = known.filter(branch__code="aarhus"), known.filter(branch__code="odense")
    firms = list(near.filter(kind=PartyKind.ORGANISATION)[:11])
    people = list(near.filter(kind=PartyKind.PERSON)[:24])
    away = list(far.filter(kind=PartyKind.PERSON)[:2])
    if len(firms) < 11 or len(people) < 24 or len(away) < 2:
        return  # a very small bank has no such companies
    story = _Story(bank, ola, bank.start.date() - timedelta(days=900))
    story.circle(firms[:4], people[:4], away[0])
    story.quarters(firms[4], people[4:9])
    story.chain(firms[5:8], people[9:14])
    story.too_much(firms[8], people[14:17])
    story.nominee(firms[9], people[17:21], away[1])
    story.holds(people[21], firms[10], 100)
    story.is_to("director", people[21], firms[10])
    story.is_to("spouse", people[21], people[22])
    story.is_to("household", people[21], people[23])


class _Story:
    def __init__(self, bank: Bank, actor: User, since: date) -> None:
        self.at, self.actor, self.since = bank.start + timedelta(hours=5), actor, since

    def called(self, firm: Customer, name: str) -> None:
        """The company as the tour names it."""
        services.change_customer(
            customer=firm, changes={"name": name}, actor=self.actor, at=self.at, reason="CVR"
        )

    def holds(
        self, owner: Customer, company: Customer, share: int, votes: int | None = None
    ) -> None:
        self.is_to(
            "ownership", owner, company, share=Decimal(share),
            votes=None if votes is None else Decimal(votes),
        )  # fmt: skip

    def is_to(
        self,
        kind: str,
        one: Customer,
        other: Customer,
        share: Decimal | None = None,
        votes: Decimal | None = None,
    ) -> None:
        services.add_relation(
            kind=kind, customer=one, other=other, share=share, votes=votes, source=SOURCE,
            valid_from=self.since, actor=self.actor, at=self.at,
        )  # fmt: skip

    def circle(self, firms: list[Customer], people: list[Customer], away: Customer) -> None:
        """Three companies hold in each other: what goes round has to be added up to see who owns."""
        holding, energy, wind, invest = firms
        for firm, name in zip(
            firms,
            ("Nordlys Holding A/S", "Nordlys Energi A/S", "Nordlys Vind ApS", "Nordlys Invest ApS"),
            strict=True,
        ):
            self.called(firm, name)
        self.holds(holding, energy, 70)
        self.holds(away, energy, 10)
        self.holds(invest, energy, 20)
        self.holds(energy, wind, 100)
        self.holds(wind, invest, 60)
        self.holds(people[0], invest, 40)
        self.holds(invest, holding, 30)
        self.holds(people[0], holding, 15)
        self.holds(people[1], holding, 35, 51)
        self.holds(people[2], holding, 20, 4)
        self.is_to("director", people[3], energy)
        self.is_to("signatory", people[3], energy)

    def quarters(self, firm: Customer, people: list[Customer]) -> None:
        """Four quarters: nobody has more than 25 %, everybody has 25 % or more."""
        self.called(firm, "Fire Søstre Byg ApS")
        for person in people[:4]:
            self.holds(person, firm, 25)
        self.is_to("director", people[4], firm)

    def chain(self, firms: list[Customer], people: list[Customer]) -> None:
        """Under the threshold by the product, over it by control."""
        top, middle, company = firms
        self.called(top, "Bøgely Familieholding ApS")
        self.called(company, "Bøgely Maskiner A/S")
        self.holds(people[0], top, 51)
        self.holds(people[1], top, 49)
        self.holds(top, middle, 60)
        self.holds(people[2], middle, 40)
        self.holds(middle, company, 45)
        self.holds(people[3], company, 55)
        self.is_to("director", people[4], company)

    def too_much(self, firm: Customer, people: list[Customer]) -> None:
        """A register that cannot be right; its adviser has a task."""
        self.called(firm, "Havnens Shipping ApS")
        self.holds(people[0], firm, 60)
        self.holds(people[1], firm, 50)
        self.is_to("director", people[2], firm)

    def nominee(self, firm: Customer, people: list[Customer], away: Customer) -> None:
        """Somebody holds for somebody else."""
        self.called(firm, "Skovlunden Ejendomme ApS")
        self.holds(people[0], firm, 60)
        self.is_to("nominee", people[0], away)
        self.holds(people[1], firm, 40)
        self.is_to("director", people[2], firm)
        self.is_to("power_of_attorney", people[3], people[1])
