"""Loading law sets from their files."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from customers.law import InvalidLaw, read_law, shipped_laws
from customers.models import LawSet
from customers.selectors.laws import content_of


def load_laws(*, at: datetime, contents: Iterable[Mapping[str, Any]] | None = None) -> list[LawSet]:
    """
    Add the law sets that are not there yet, the shipped ones or those given; all or none.

    What is there already is left alone, so that loading again changes nothing.

    :raises InvalidLaw: a law cannot be read, or a version that is there says something else: a
        new wording needs a new version number
    """
    added = []
    with transaction.atomic():
        for content in shipped_laws() if contents is None else contents:
            law = read_law(content)
            known = LawSet.objects.filter(code=law.code, number=law.number).first()
            if known is None:
                ends = content.get("in_force_to")
                added.append(
                    LawSet.objects.create(
                        code=law.code, number=law.number, name_da=law.name_da,
                        name_en=law.name_en, countries=list(law.countries),
                        in_force_from=law.in_force_from,
                        in_force_to=date.fromisoformat(ends) if ends else None,
                        rules=content["rules"], loaded_at=at,
                    )
                )  # fmt: skip
            elif content_of(known) != {**content}:
                raise InvalidLaw(
                    f"{law.code}, version {law.number}, is loaded with another wording;"
                    " give the new one a number of its own"
                )
    return added
