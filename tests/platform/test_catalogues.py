"""Translations are compiled without the gettext tools."""

import gettext
import os

import pytest

from clm import catalogues

PO = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Customer"
msgstr "Kunde"
"""


def test_compiles_what_changed(tmp_path):
    source = tmp_path / "bank/locale/da/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    source.write_text(PO)
    assert catalogues.compile_stale(root=tmp_path) == 1
    assert catalogues.compile_stale(root=tmp_path) == 0
    with source.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Customer") == "Kunde"
    later = source.stat().st_mtime + 10
    os.utime(source, (later, later))
    assert catalogues.compile_stale(root=tmp_path) == 1


def test_a_malformed_catalogue_is_named(tmp_path):
    source = tmp_path / "locale/da/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    source.write_bytes(b'msgid "Customer"\nmsgstr "K\xf8bt"\n')
    with pytest.raises(catalogues.CatalogueError, match=r"locale/da/LC_MESSAGES/django\.po"):
        catalogues.compile_stale(root=tmp_path)
