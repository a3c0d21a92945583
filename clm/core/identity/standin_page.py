"""The stand-in's one page, in Danish and English; it owes nothing to the platform's own look."""

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clm.core.identity.standin import Person

_WORDS = {
    "da": {
        "title": "Test-ID",
        "lead": "Stedfortræder for MitID på denne maskine. Vælg, hvem du er.",
        "level": "Sikringsniveau",
        "low": "Lav",
        "substantial": "Betydelig",
        "high": "Høj",
        "give_up": "Fortryd",
    },
    "en": {
        "title": "Test-ID",
        "lead": "Stands in for MitID on this machine. Choose who you are.",
        "level": "Assurance level",
        "low": "Low",
        "substantial": "Substantial",
        "high": "High",
        "give_up": "Give up",
    },
}
_STYLE = """
:root { color-scheme: light dark; font-family: system-ui, sans-serif; }
body { margin: 0 auto; max-width: 26rem; padding: 1.5rem 1rem; line-height: 1.45; }
h1 { font-size: 1.4rem; margin: 0 0 .25rem; }
p { margin: 0 0 1rem; }
select { font: inherit; padding: .4rem; }
button { display: block; width: 100%; margin: .5rem 0; padding: .75rem 1rem; font: inherit;
  text-align: start; border: 1px solid #7a8691; border-radius: 8px; background: transparent;
  color: inherit; cursor: pointer; }
button:focus-visible, select:focus-visible { outline: 3px solid #2c7fb8; outline-offset: 2px; }
button span { display: block; font-size: .85rem; }
"""


def page(*, people: "Sequence[Person]", language: str) -> str:
    """The list of people, each a button; the level beside it."""
    known = "en" if language.startswith("en") else "da"
    words = _WORDS[known]
    buttons = "".join(
        f'<button name="person" value="{number}">{html.escape(one.name)}'
        f"<span>{html.escape(one.note)}</span></button>"
        for number, one in enumerate(people)
    )
    levels = "".join(
        f'<option value="{level}"{" selected" if level == "substantial" else ""}>'
        f"{words[level]}</option>"
        for level in ("low", "substantial", "high")
    )
    return (
        f'<!doctype html><html lang="{known}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,">'
        f"<title>{words['title']}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{words['title']}</h1><p>{words['lead']}</p>"
        f'<form method="post"><p><label>{words["level"]} <select name="level">{levels}</select>'
        f'</label></p>{buttons}<button name="person" value="">{words["give_up"]}</button>'
        "</form></main></body></html>"
    )
