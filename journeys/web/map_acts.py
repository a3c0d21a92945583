"""What is done on a canvas: one address, each act a call of one service."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from clm.core.models import User
from journeys.models import JourneyMap
from journeys.services import maps

Act = Callable[[JourneyMap, Any, User, datetime], tuple[str, Any]]


def act(*, on: JourneyMap, post: Any, actor: User, at: datetime) -> tuple[str, Any]:
    """
    Do what a form or a key asks for.

    :returns: what its author has to be told, and the record that came of it
    :raises LookupError: there is no such act
    """
    return ACTS[post.get("do", "")](on, post, actor, at)


def _with(service: Callable[..., maps.Done], **named: str) -> Act:
    """An act that hands over fields of the form under the service's own names."""

    def call(on: JourneyMap, post: Any, actor: User, at: datetime) -> tuple[str, Any]:
        given = {name: post.get(name) for name in named if named[name] != "if" or name in post}
        done = service(on=on, actor=actor, at=at, **given)
        return done.said, done.record

    return call


def _write_card(on: JourneyMap, post: Any, actor: User, at: datetime) -> tuple[str, Any]:
    version = post.get("version", "")
    done = maps.write_card(
        on=on, card=post.get("card"), text=post.get("text"), actor=actor, at=at,
        version=int(version) if version.isdecimal() and len(version) < 10 else None,
    )  # fmt: skip
    return done.said, done.record


def _change_step(on: JourneyMap, post: Any, actor: User, at: datetime) -> tuple[str, Any]:
    done = maps.change_step(
        on=on, step=post.get("step"), actor=actor, at=at, title=post.get("title"),
        phase=post.get("phase"),
        activities=post.getlist("activities") if "binding" in post else None,
    )  # fmt: skip
    return done.said, done.record


def _undo(on: JourneyMap, post: Any, actor: User, at: datetime) -> tuple[str, Any]:
    done = maps.undo(on=on, actor=actor, at=at)
    return done.said, done.record


def _comment(on: JourneyMap, post: Any, actor: User, at: datetime) -> tuple[str, Any]:
    made = maps.comment(
        on=on, text=post.get("text"), step=post.get("step"), card=post.get("card"),
        actor=actor, at=at,
    )  # fmt: skip
    return "", made


def _resolve(on: JourneyMap, post: Any, actor: User, at: datetime) -> tuple[str, Any]:
    resolved = post.get("resolved") != "0"
    return "", maps.resolve(
        on=on, comment=post.get("comment"), resolved=resolved, actor=actor, at=at
    )


def _share(on: JourneyMap, post: Any, actor: User, at: datetime) -> tuple[str, Any]:
    shared = post.get("shared") == "1"
    maps.share(on=on, shared=shared, actor=actor, at=at)
    said = _("The board is shared: whoever sees journeys may write on it.")
    return said if shared else _("The board is closed; only who draws maps may write on it."), on


def _save(on: JourneyMap, post: Any, actor: User, at: datetime) -> tuple[str, Any]:
    made = maps.save_version(on=on, name=post.get("name"), actor=actor, at=at)
    return _("Kept as version %(n)s.") % {"n": made.number}, made


def _restore(on: JourneyMap, post: Any, actor: User, at: datetime) -> tuple[str, Any]:
    kept = maps.restore(on=on, version=post.get("version"), actor=actor, at=at)
    return _("The map is as it was then. What was there is kept as version %(n)s.") % {
        "n": kept.number
    }, kept


def _to_be(on: JourneyMap, post: Any, actor: User, at: datetime) -> tuple[str, Any]:
    name = post.get("name") or on.name
    return "", maps.draw_to_be(of=on, name=name, actor=actor, at=at)


ACTS: Mapping[str, Act] = {
    "add-card": _with(maps.add_card, lane="", step="", text="", before="if"),
    "write-card": _write_card,
    "move-card": _with(maps.move_card, card="", lane="", step="", before="if"),
    "remove-card": _with(maps.remove_card, card=""),
    "add-step": _with(maps.add_step, title="", phase="if", before="if"),
    "change-step": _change_step,
    "move-step": _with(maps.move_step, step="", before=""),
    "remove-step": _with(maps.remove_step, step=""),
    "add-lane": _with(maps.add_lane, kind="", title="if", before="if"),
    "change-lane": _with(maps.change_lane, lane="", title=""),
    "move-lane": _with(maps.move_lane, lane="", before=""),
    "remove-lane": _with(maps.remove_lane, lane=""),
    "feel": _with(maps.feel, step="", persona="", value=""),
    "comment": _comment,
    "resolve": _resolve,
    "undo": _undo,
    "share": _share,
    "save-version": _save,
    "restore": _restore,
    "to-be": _to_be,
}
