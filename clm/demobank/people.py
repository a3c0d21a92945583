"""Invented people and firms, the same ones for the same seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

WOMEN = [
    "Mette",
    "Anne",
    "Kirsten",
    "Hanne",
    "Anna",
    "Karen",
    "Susanne",
    "Lene",
    "Maria",
    "Marianne",
    "Inge",
    "Camilla",
    "Louise",
    "Ida",
    "Freja",
    "Emma",
    "Sofie",
    "Clara",
    "Laura",
    "Josefine",
    "Astrid",
    "Signe",
    "Ellen",
    "Karoline",
    "Maja",
    "Liva",
    "Sara",
    "Nanna",
    "Trine",
    "Birgit",
]
MEN = [
    "Peter",
    "Michael",
    "Lars",
    "Jens",
    "Thomas",
    "Henrik",
    "Søren",
    "Christian",
    "Martin",
    "Jan",
    "Morten",
    "Jesper",
    "Anders",
    "Niels",
    "Rasmus",
    "Mads",
    "William",
    "Oscar",
    "Emil",
    "Victor",
    "Magnus",
    "Frederik",
    "Mikkel",
    "Jonas",
    "Aksel",
    "Åge",
    "Bjørn",
    "Torben",
    "Carl",
]
FAMILIES = [
    "Jensen",
    "Nielsen",
    "Hansen",
    "Pedersen",
    "Andersen",
    "Christensen",
    "Larsen",
    "Sørensen",
    "Rasmussen",
    "Jørgensen",
    "Petersen",
    "Madsen",
    "Kristensen",
    "Olsen",
    "Thomsen",
    "Poulsen",
    "Johansen",
    "Møller",
    "Mortensen",
    "Knudsen",
    "Lund",
    "Holm",
    "Schmidt",
    "Eriksen",
    "Krogh",
    "Bach",
    "Dahl",
    "Winther",
    "Friis",
    "Vestergaard",
    "Bjerre",
    "Østergaard",
    "Ågård",
    "Kjær",
    "Toft",
    "Brandt",
    "Skov",
    "Nørgaard",
    "Lassen",
    "Kragh",
    "Bang",
    "Hald",
    "Steffensen",
    "Ravn",
    "Gram",
    "Lauridsen",
]
STREETS = [
    "Vestergade",
    "Nørregade",
    "Skolevej",
    "Kirkevej",
    "Engvej",
    "Strandvejen",
    "Åboulevarden",
    "Havnegade",
    "Bakkevej",
    "Ærøvej",
    "Parkvej",
    "Lindevej",
    "Møllevej",
    "Søndergade",
    "Birkevej",
]
TOWNS = {
    "aarhus": [("8000", "Aarhus C"), ("8200", "Aarhus N"), ("8660", "Skanderborg")],
    "odense": [("5000", "Odense C"), ("5230", "Odense M"), ("5700", "Svendborg")],
    "kobenhavn": [("2100", "København Ø"), ("2200", "København N"), ("2900", "Hellerup")],
    "aalborg": [("9000", "Aalborg"), ("9400", "Nørresundby"), ("9800", "Hjørring")],
}
TRADES = ("Byg", "Maskiner", "Shipping", "Rådgivning", "Ejendomme", "Design", "Transport", "Foods")
OCCUPATIONS = [
    "Sygeplejerske",
    "Lærer",
    "Ingeniør",
    "Tømrer",
    "Pædagog",
    "Revisor",
    "Studerende",
    "Pensionist",
    "Elektriker",
    "Jurist",
    "Butiksassistent",
    "Chauffør",
    "Designer",
    "Læge",
    "Landmand",
    "Kok",
]


@dataclass(frozen=True)
class Person:
    given_names: str
    family_name: str
    born_on: date
    cpr: str
    email: str
    phone: str
    occupation: str
    address: dict[str, str]


@dataclass(frozen=True)
class Firm:
    name: str
    cvr: str
    email: str
    phone: str
    address: dict[str, str]


def people(rng: random.Random, *, branch: str, today: date) -> Iterator[Person]:
    """Endless invented customers of a branch; numbers never repeat within one generator's rng."""
    used: set[str] = set()
    while True:
        woman = rng.random() < 0.5
        given = rng.choice(WOMEN if woman else MEN)
        if rng.random() < 0.25:
            given += " " + rng.choice(WOMEN if woman else MEN)
        family = rng.choice(FAMILIES)
        if rng.random() < 0.15:
            family = f"{rng.choice(FAMILIES)} {family}"
        born = today - timedelta(days=int(365.25 * rng.triangular(18, 92, 42)))
        cpr = _cpr(rng, born, woman, used)
        plain = _ascii(f"{given.split()[0]}.{family.split()[-1]}")
        yield Person(
            given_names=given,
            family_name=family,
            born_on=born,
            cpr=cpr,
            email=f"{plain}{rng.randrange(10_000)}@example.dk",
            phone=f"+45 {rng.choice('23456')}{rng.randrange(10**7):07d}",
            occupation=rng.choice(OCCUPATIONS),
            address=_address(rng, branch),
        )


def firms(rng: random.Random, *, branch: str) -> Iterator[Firm]:
    """Endless invented firms; their CVR numbers pass the check digit."""
    used: set[str] = set()
    while True:
        name = f"{rng.choice(FAMILIES)} {rng.choice(TRADES)} {rng.choice(['ApS', 'A/S', 'I/S'])}"
        cvr = _cvr(rng, used)
        yield Firm(
            name=name,
            cvr=cvr,
            email=f"kontor@{_ascii(name.split()[0])}{rng.randrange(10_000)}.example.dk",
            phone=f"+45 {rng.choice('789')}{rng.randrange(10**7):07d}",
            address=_address(rng, branch) | {"kind": "registered"},
        )


def _address(rng: random.Random, branch: str) -> dict[str, str]:
    postal_code, city = rng.choice(TOWNS[branch])
    return {
        "line1": f"{rng.choice(STREETS)} {rng.randrange(1, 160)}",
        "postal_code": postal_code,
        "city": city,
        "country": "DK",
    }


def _cpr(rng: random.Random, born: date, woman: bool, used: set[str]) -> str:
    # The seventh digit tells the century (CPR office); modulus 11 has not held since 2007.
    seventh = "4" if born.year >= 2000 else rng.choice("0123")
    while True:
        last = rng.randrange(0, 10, 2) if woman else rng.randrange(1, 10, 2)
        number = f"{born:%d%m%y}{seventh}{rng.randrange(100):02d}{last}"
        if number not in used:
            used.add(number)
            return number
        if len(used) > 100_000:
            raise RuntimeError("no CPR numbers left")


def _cvr(rng: random.Random, used: set[str]) -> str:
    weights = (2, 7, 6, 5, 4, 3, 2, 1)
    while True:
        digits = [rng.randrange(1, 10)] + [rng.randrange(10) for _ in range(6)]
        check = -sum(w * d for w, d in zip(weights, digits, strict=False)) % 11
        number = "".join(map(str, [*digits, check]))
        if check < 10 and number not in used:
            used.add(number)
            return number


def _ascii(text: str) -> str:
    table = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
    return text.lower().translate(table).replace(" ", ".")
