import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings

from kyc.companies import NotInRegister, RegisterTrouble, register
from kyc.companies.talk import ask
from kyc.registers import Extract, Owner

PATH = "/cvr-permanent/virksomhed/_search"
#: Lower ends of the bands in which shares are registered, and where each ends, in percent.
BANDS = {
    5.0: 9.99, 10.0: 14.99, 15.0: 19.99, 20.0: 24.99, 25.0: 33.32, 33.33: 49.99, 50.0: 66.66,
    66.67: 89.99, 90.0: 99.99, 100.0: 100.0,
}  # fmt: skip
#: What a company is called that does business as before.
_ACTIVE = frozenset({"aktiv", "normal"})


@register("cvr", label="CVR", identifier="cvr", is_open=lambda: bool(settings.CVR_URL))
def cvr(number: str) -> Extract:
    """
    Name, status, address, directors and beneficial owners of a Danish company, as the Business
    Authority's system-to-system service gives them (CVR-permanent, distribution.virk.dk).
    """
    asked = {
        "_source": ["Vrvirksomhed"],
        "query": {"bool": {"must": [{"term": {"Vrvirksomhed.cvrNummer": number}}]}},
        "size": 1,
    }
    answer = ask(
        address=settings.CVR_URL, path=PATH, body=asked,
        user=settings.CVR_USER, password=settings.CVR_PASSWORD,
    )  # fmt: skip
    try:
        rows = answer["hits"]["hits"]
        if not rows:
            raise NotInRegister
        company = rows[0]["_source"]["Vrvirksomhed"]
        if str(company["cvrNummer"]).zfill(8) != number:
            raise RegisterTrouble("number")
        return read(company)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise RegisterTrouble(type(error).__name__) from None


def read(company: Mapping[str, Any]) -> Extract:
    """A company as the service writes it; what is over is passed over."""
    owners, directors = [], []
    for relation in company.get("deltagerRelation") or ():
        person = relation.get("deltager") or {}
        name = _text(_now(person.get("navne")), "navn")
        for group in relation.get("organisationer") or ():
            title = _text(_now(group.get("organisationsNavn")), "navn").casefold()
            facts = dict(_facts(group))
            if not name:
                continue
            if title == "reelle ejere":
                owners.append(_owner(name, facts.get("EJERANDEL_PROCENT")))
            elif title == "direktion" and "FUNKTION" in facts:
                directors.append(name)
    metadata = company.get("virksomhedMetadata") or {}
    status = str(metadata.get("sammensatStatus") or "")
    return Extract(
        register="CVR",
        name=_text(_now(company.get("navne")), "navn") or None,
        status="" if status.casefold() in _ACTIVE else status,
        owners=owners,
        directors=directors,
        address=_address(_now(company.get("beliggenhedsadresse"))) or None,
    )


def _owner(name: str, share: str | None) -> Owner:
    if share is None:
        return Owner(name)
    low = round(float(share) * 100, 2)
    begins = max((one for one in BANDS if one <= low + 0.01), default=None)
    return Owner(name, low, BANDS[begins] if begins is not None else 4.99)


def _facts(group: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What holds now of a group's members, by kind."""
    for member in group.get("medlemsData") or ():
        for fact in member.get("attributter") or ():
            value = _text(_now(fact.get("vaerdier")), "vaerdi")
            if value:
                yield str(fact["type"]), value


def _now(rows: Any) -> Mapping[str, Any]:
    """Of rows with a period the one that has not ended; the newest, should there be several."""
    standing = [row for row in rows or () if not (row.get("periode") or {}).get("gyldigTil")]
    standing.sort(key=lambda row: str((row.get("periode") or {}).get("gyldigFra") or ""))
    return standing[-1] if standing else {}


def _text(row: Mapping[str, Any], name: str) -> str:
    return " ".join(str(row.get(name) or "").split())


def _address(row: Mapping[str, Any]) -> str:
    if row.get("fritekst"):
        return _text(row, "fritekst")
    house = f"{row.get('husnummerFra') or ''}{row.get('bogstavFra') or ''}"
    floor = " ".join(str(row.get(one) or "") for one in ("etage", "sidedoer")).strip()
    line = f"{row.get('vejnavn') or ''} {house} {floor}"
    return " ".join(f"{line} {row.get('postnummer') or ''} {row.get('postdistrikt') or ''}".split())


def written(company: Mapping[str, Any]) -> bytes:
    """An answer of the service around a company; for the stand-in and for tests."""
    hits = [{"_source": {"Vrvirksomhed": company}}] if company else []
    return json.dumps({"hits": {"total": len(hits), "hits": hits}}).encode()
