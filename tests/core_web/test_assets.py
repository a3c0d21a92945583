"""Front-end files: only icons that are named, nothing done twice, nothing half done."""

from pathlib import Path

import pytest

from clm.core.web import assets

TEMPLATE = """
<c-icon name="home" class="ic-s" /> <c-empty icon="inbox" title="x > y">home-2</c-empty>
<c-icon name="{% if late %}alert-triangle{% else %}clock{% endif %}" />
<c-pill kind="bad" :icon="row.icon">phone</c-pill>
"""
PYTHON = """
ICONS = {"call": "phone", "mail": "mail"}
entry = TimelineEntry(at, "x", icon="door-exit")
item = MenuItem("kyc", _("KYC"), "shield-check", "kyc:cases")
row = {"icon": "check", "title": "star"}
def icon_of(kind): return "bolt" if kind else "moon"
other = "trash"
"""


def test_icons_are_found_where_they_are_named() -> None:
    found = assets.icons_in_template(text=TEMPLATE)
    assert {"home", "inbox", "alert-triangle", "clock"} <= found
    assert not {"phone", "home-2", "bad"} & found
    assert {"phone", "mail", "door-exit", "shield-check", "check", "bolt", "moon"} <= (
        assets.icons_in_python(text=PYTHON)
    )
    assert not {"trash", "star"} & assets.icons_in_python(text=PYTHON)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "package-lock.json").write_text("{}")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/a.html").write_text('<c-icon name="home" /><c-icon name="unknown" />')
    return tmp_path


def install(project: Path) -> None:
    modules = project / "node_modules"
    for source, _name in assets.COPIED:
        (modules / source).parent.mkdir(parents=True, exist_ok=True)
        (modules / source).write_text("a{}\n/*# sourceMappingURL=a.css.map */")
    (modules / assets.ICONS).mkdir(parents=True)
    (modules / assets.ICONS / "home.svg").write_text(
        '<svg class="x"><path stroke="none" d="M0 0h24v24H0z"/><path d="M1 1"/></svg>'
    )
    (modules / assets.FONTS).mkdir(parents=True)


def test_a_build_is_done_once_and_again_when_an_icon_is_named(project: Path) -> None:
    installs: list[Path] = []

    def once(path: Path) -> None:
        installs.append(path)
        install(path)

    def build() -> bool:
        return assets.build(
            project=project,
            target=project / "out",
            roots=[project / "templates"],
            say=lambda _text: None,
            install=once,
        )

    assert build()
    assert not build()
    sprite = (project / "out/icons.svg").read_text()
    assert '<symbol id="home" viewBox="0 0 24 24"><path d="M1 1"/></symbol>' in sprite
    assert "unknown" not in sprite
    assert "sourceMappingURL" not in (project / "out/vendor/tabler.css").read_text()
    (project / "node_modules" / assets.ICONS / "star.svg").write_text("<svg><path/></svg>")
    (project / "templates/b.html").write_text('<c-icon name="star" />')
    assert build()
    assert len(installs) == 1
