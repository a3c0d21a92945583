"""Danish is complete: every text of the project has its translation."""

import re

from tests.messages import catalogues, messages

_HOLE = re.compile(r"%\((\w+)\)[sd]")


def test_every_text_has_danish() -> None:
    known = catalogues(language="da")
    missing = sorted(
        {f"{m.text!r} ({m.place})" for m in messages() if (m.text, m.context) not in known}
    )
    assert not missing, f"{len(missing)} texts lack Danish:\n" + "\n".join(missing)


def test_translations_keep_their_holes_and_plurals() -> None:
    known = catalogues(language="da")
    for message in messages():
        words = known.get((message.text, message.context))
        if words is None:
            continue
        if message.plural:
            assert len(words) == 2, message
        for text in words:
            holes = set(_HOLE.findall(message.text)) | set(_HOLE.findall(message.plural))
            assert set(_HOLE.findall(text)) <= holes, f"{message.place}: {text}"
            if not message.plural:
                assert set(_HOLE.findall(text)) == holes, f"{message.place}: {text}"
