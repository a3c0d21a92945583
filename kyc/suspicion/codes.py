"""
The reporting authority's code lists, and which code stands for what the platform knows.

They are the authority's, not the schema's, and every country has its own: a file, read once. The
one that comes with the platform is made to begin with; `CLM_GOAML_CODES` names the bank's own.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language

from kyc.suspicion import structure

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "goaml.json"


@dataclass(frozen=True)
class Indicator:
    code: str
    da: str
    en: str

    def __str__(self) -> str:
        return self.da if (get_language() or "").startswith("da") else self.en


@dataclass(frozen=True)
class CodeBook:
    """
    :param lists: the codes there are, by the schema's name of the list
    :param meanings: by list, the code for a kind of transaction, product, address
    """

    lists: structure.Codes
    indicators: Sequence[Indicator]
    meanings: Mapping[str, Mapping[str, str]]

    def code(self, codes: str, meaning: str = "") -> str:
        """The code for what the platform calls `meaning`; that of "" where it has none."""
        known = self.meanings.get(codes, {})
        return known.get(meaning, known.get("", ""))


def code_book() -> CodeBook:
    return _read(str(settings.CLM_GOAML_CODES or SHIPPED))


@lru_cache(maxsize=2)
def _read(path: str) -> CodeBook:
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    indicators = [Indicator(one["code"], one["da"], one["en"]) for one in content["indicators"]]
    lists = {**content["lists"], "report_indicator": [one.code for one in indicators]}
    return CodeBook(
        lists={name: frozenset(codes) for name, codes in lists.items()},
        indicators=indicators,
        meanings=content["codes"],
    )
