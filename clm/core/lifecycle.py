"""
State machines: the table an app writes in its `lifecycle.py`, and the one gate through it.

`perform` is the only way a state changes (and `perform_many` its bulk twin): lock the row,
check version, permission, guards and four eyes, change, save, append the event. Reactions to
the event run after commit. The database refuses an illegal jump as well (`state_trigger`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

import pgtrigger
from django.core.exceptions import PermissionDenied
from django.db import connection, models
from django.db import transaction as database
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_fsm import FSMField, FSMFieldDescriptor, Transition
from django_fsm import transition as transition

from clm.core import actors, approvals, events
from clm.core.models import Record, User

R = TypeVar("R", bound=Record)
Facts = Any
FactsSelector = Callable[..., Mapping[UUID, Facts]]


class TransitionRefused(Exception):
    """The state, a guard or the four-eyes rule says no; `reasons` are fit for the screen."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = [str(reason) for reason in reasons]
        super().__init__(" ".join(f"{reason}." for reason in self.reasons))


class StaleVersion(Exception):
    """The record was changed by someone else since it was read."""

    def __init__(self, current: int) -> None:
        self.current = current
        super().__init__(_("Somebody changed this in the meantime."))


class Guard:
    """A condition with the sentence that states it."""

    def __init__(self, sentence: Any, check: Callable[[Any, Any], bool]) -> None:
        self.sentence = sentence
        self.check = check
        self.__name__ = check.__name__
        self.__doc__ = check.__doc__

    def __call__(self, record: Any) -> bool:
        return self.check(record, record.__dict__.get("_facts"))


def guard(sentence: Any) -> Callable[[Callable[[Any, Any], bool]], Guard]:
    """
    Turn `(record, facts) -> bool` into a guard whose sentence is shown wherever it refuses.

    :param sentence: what must hold, lazily translated, without a full stop
    """
    return lambda check: Guard(sentence, check)


class _SameStateIsNoChange(FSMFieldDescriptor):
    """Validation writes back what it has read; that is no change and is let through."""

    def __set__(self, instance: Any, value: Any) -> None:
        held = instance.__dict__
        if self.field.name in held and held[self.field.name] == value:
            return
        super().__set__(instance, value)


class StateField(FSMField):
    """A state: set by transitions only, by nobody directly."""

    descriptor_class = _SameStateIsNoChange

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("protected", True)
        kwargs.setdefault("db_index", True)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)


@dataclass(frozen=True)
class Offer:
    """A transition as someone sees it: may they, and if not, why not."""

    name: str
    label: str
    target: str
    allowed: bool
    reasons: list[str]
    from_here: bool
    policy: str = ""
    four_eyes: bool = False
    reason_required: bool = False
    guards: list[tuple[str, bool]] = field(default_factory=list)


@dataclass(frozen=True)
class BulkOutcome:
    """What `perform_many` did and what it refused, by record id."""

    done: list[UUID]
    refused: dict[UUID, list[str]]


@dataclass(frozen=True)
class Machine:
    """A model's state field, its transitions, and the selector of the facts its guards need."""

    model: type[Record]
    field: str
    facts: FactsSelector | None = None
    beside: Mapping[str, Callable[..., None]] | None = None

    @property
    def label(self) -> str:
        return self.model._meta.label

    def transitions(self) -> dict[str, list[Transition]]:
        """
        Transitions by name, each with one entry a source, as declared.

        The name is the method's, or `custom["name"]` where Django's models have a method of
        that name already (`save`, `check`).
        """
        found: dict[str, list[Transition]] = {}
        for method in _methods(self.model):
            found[_name_of(method)] = list(method._django_fsm.transitions.values())
        return found

    def step(self, name: str, state: str) -> Transition | None:
        """The transition `name` as it applies from `state`, or None."""
        meta = self.method(name)._django_fsm
        return cast("Transition | None", meta.transitions.get(state))

    def method(self, name: str) -> Any:
        """The method behind a transition's name."""
        found = next((one for one in _methods(self.model) if _name_of(one) == name), None)
        if found is None:
            raise LookupError(f"{self.label} has no transition {name}")
        return found

    def state_of(self, record: Record) -> str:
        return str(getattr(record, self.field))

    def state_label(self, state: str) -> str:
        known = cast("models.Field[Any, Any]", self.model._meta.get_field(self.field))
        choices = dict(known.flatchoices)
        return str(choices.get(state, state))


_machines: dict[str, Machine] = {}


def register(
    model: type[Record],
    field: str = "state",
    facts: FactsSelector | None = None,
    beside: Mapping[str, Callable[..., None]] | None = None,
) -> Machine:
    """
    Make a model's machine known to the gate, the docs and the generated tests.

    :param facts: `facts(records=[…], at=…)` returns what the guards need, by record id, in bulk
    :param beside: by transition, what has to happen in the same transaction just before it:
        `work(record=…, actor=…, at=…)`
    """
    machine = Machine(model=model, field=field, facts=facts, beside=beside)
    _machines[machine.label] = machine
    return machine


def machines() -> list[Machine]:
    return sorted(_machines.values(), key=lambda machine: machine.label)


def machine_of(model: type[models.Model]) -> Machine:
    return _machines[model._meta.label]


def has_machine(model: type[models.Model]) -> bool:
    return model._meta.label in _machines


def perform(
    *,
    record: R,
    name: str,
    actor: User,
    at: datetime,
    reason: str = "",
    version: int | None = None,
    changes: Mapping[str, Any] | None = None,
    payload: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> R:
    """
    Take one transition, or leave everything as it was.

    :param version: the version the caller has seen; another one in force raises StaleVersion
    :param changes: other fields to write with the state
    :param payload: facts without personal data for the event
    :param detail: words and personal data for the event's erasable part
    :returns: the record as saved
    :raises TransitionRefused: not from this state, a guard or the four-eyes rule refuses
    :raises PermissionDenied: `actor` lacks the permission
    """
    model = type(record)
    machine = machine_of(model)
    with database.atomic():
        locked = _lock(model, [record.pk])[0]
        if version is not None and locked.version != version:
            raise StaleVersion(locked.version)
        step = _admit(machine, locked, name, actor, _facts(machine, [locked], at), reason)
        source = machine.state_of(locked)
        if machine.beside and name in machine.beside:
            machine.beside[name](record=locked, actor=actor, at=at)
        machine.method(name)(locked)
        for attribute, value in (changes or {}).items():
            setattr(locked, attribute, value)
        locked.version += 1
        locked.updated_at = at
        locked.save(update_fields=_written(machine, locked, changes))
        approved = _settle_approvals(step, locked, actor, at, reason)
        events.append(
            drafts=[
                events.Draft(
                    record_type=machine.label,
                    record_id=locked.pk,
                    action=name,
                    source=source,
                    target=machine.state_of(locked),
                    payload={**(payload or {}), **approved},
                    detail={**(detail or {}), **({"reason": reason} if reason else {})},
                )
            ],
            actor=actor,
            at=at,
        )
    return locked


def perform_many(
    *,
    records: Sequence[R],
    name: str,
    actor: User,
    at: datetime,
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
) -> BulkOutcome:
    """
    Take the same transition for many records in a handful of statements.

    Same table, guards and events as `perform`; a record that may not go is left and named.
    Transitions that open or need an approval go one by one through `perform`.
    """
    if not records:
        return BulkOutcome([], {})
    model = type(records[0])
    machine = machine_of(model)
    done: list[R] = []
    refused: dict[UUID, list[str]] = {}
    drafts: list[events.Draft] = []
    with database.atomic():
        locked = _lock(model, [record.pk for record in records])
        facts = _facts(machine, locked, at)
        for one in locked:
            try:
                step = _admit(machine, one, name, actor, facts, reason)
            except TransitionRefused as refusal:
                refused[one.pk] = refusal.reasons
                continue
            if {"opens", "four_eyes"} & step.custom.keys() or name in (machine.beside or ()):
                raise LookupError(f"{machine.label}.{name} is taken one record at a time")
            source = machine.state_of(one)
            machine.method(name)(one)
            drafts.append(
                events.Draft(
                    record_type=machine.label,
                    record_id=one.pk,
                    action=name,
                    source=source,
                    target=machine.state_of(one),
                    detail={"reason": reason} if reason else {},
                )
            )
            done.append(one)
        _write_many(machine, done, at, changes or {})
        events.append(drafts=drafts, actor=actor, at=at)
    return BulkOutcome([one.pk for one in done], refused)


def available(
    *, record: Record, actor: User, at: datetime, everywhere: bool = False
) -> list[Offer]:
    """
    What can be done with the record now, each with what stands in the way for `actor`.

    :param everywhere: also the transitions that do not start in the present state
    """
    machine = machine_of(type(record))
    state = machine.state_of(record)
    record.__dict__["_facts"] = _facts(machine, [record], at).get(record.pk)
    offers = []
    for name, steps in machine.transitions().items():
        step = machine.step(name, state)
        if step is None:
            if everywhere:
                offers.append(_elsewhere(machine, name, steps[0], state))
            continue
        guards = [(str(one.sentence), one(record)) for one in _guards(step)]
        reasons = [sentence for sentence, met in guards if not met]
        reasons += _not_theirs(step, record, actor)
        offers.append(
            Offer(
                name=name,
                label=str(step.custom.get("label", name)),
                target=str(step.target),
                allowed=not reasons,
                reasons=reasons,
                from_here=True,
                policy=str(step.custom.get("policy", "")),
                four_eyes="four_eyes" in step.custom,
                reason_required=bool(step.custom.get("reason_required")),
                guards=guards,
            )
        )
    return offers


def state_trigger(
    mixin: type, field: str = "state", *, initial: Iterable[str], name: str = "state_machine"
) -> pgtrigger.Trigger:
    """
    A database trigger made from the machine's table.

    Refuses a row born in another state than `initial`, a jump the table does not know, and
    any change of state that does not also raise `version` by one.
    """
    jumps = sorted(
        {
            (str(step.source), str(step.target))
            for method in _methods(mixin)
            for step in method._django_fsm.transitions.values()
        }
    )
    allowed = ", ".join(f"('{source}', '{target}')" for source, target in jumps)
    births = ", ".join(f"'{state}'" for state in sorted(str(one) for one in initial))
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(field),  # type: ignore[no-untyped-call]
        func=f"""
            IF TG_OP = 'INSERT' THEN
                IF NEW.{field} NOT IN ({births}) THEN
                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.{field}
                        USING ERRCODE = 'check_violation';
                END IF;
            ELSIF NEW.{field} IS DISTINCT FROM OLD.{field} THEN
                IF (OLD.{field}, NEW.{field}) NOT IN ({allowed}) THEN
                    RAISE EXCEPTION '% cannot go from % to %',
                        TG_TABLE_NAME, OLD.{field}, NEW.{field}
                        USING ERRCODE = 'check_violation';
                END IF;
                IF NEW.version <> OLD.version + 1 THEN
                    RAISE EXCEPTION '% changes its state through its life-cycle only',
                        TG_TABLE_NAME USING ERRCODE = 'check_violation';
                END IF;
            END IF;
            RETURN NEW;
        """,
    )


# How perform decides -------------------------------------------------------------------------


def _admit(
    machine: Machine,
    record: Record,
    name: str,
    actor: User,
    facts: Mapping[UUID, Facts],
    reason: str,
) -> Transition:
    """The transition to take, or an exception that says what stands in the way."""
    state = machine.state_of(record)
    step = machine.step(name, state)
    if step is None:
        raise TransitionRefused([_elsewhere_reason(machine, state)])
    if not _permitted(step, actor):
        raise PermissionDenied(_("You may not do this."))
    record.__dict__["_facts"] = facts.get(record.pk)
    reasons = [str(one.sentence) for one in _guards(step) if not one(record)]
    if step.custom.get("reason_required") and not reason.strip():
        reasons.append(_("A reason is given"))
    reasons += _second_pair_of_eyes(step, record, actor)
    if reasons:
        raise TransitionRefused(reasons)
    return step


def _permitted(step: Transition, actor: User) -> bool:
    if step.custom.get("automatic") and not actors.is_system(actor):
        return False
    if "four_eyes" in step.custom and actor.is_robot:
        return False
    return actors.may(actor=actor, permission=str(step.permission or ""))


def _not_theirs(step: Transition, record: Record, actor: User) -> list[str]:
    if step.custom.get("automatic") and not actors.is_system(actor):
        return [_("This happens by itself")]
    if not _permitted(step, actor):
        return [_("You have the permission")]
    return _second_pair_of_eyes(step, record, actor)


def _second_pair_of_eyes(step: Transition, record: Record, actor: User) -> list[str]:
    action = step.custom.get("four_eyes")
    return approvals.objections(record=record, action=action, checker=actor) if action else []


def _settle_approvals(
    step: Transition, record: Record, actor: User, at: datetime, reason: str
) -> dict[str, Any]:
    """Decide, void and open the approvals this transition is about; facts for the event."""
    facts: dict[str, Any] = {}
    if action := step.custom.get("four_eyes"):
        decided = approvals.decide(record=record, action=action, checker=actor, at=at)
        facts = {"approval_id": str(decided.pk), "maker_id": str(decided.maker_id)}
    approvals.void(record=record, at=at)
    if action := step.custom.get("opens"):
        opened = approvals.open_approval(
            record=record,
            action=action,
            actor=actor,
            at=at,
            shown=approvals.snapshot(record),
            reason=reason,
        )
        facts["approval_id"] = str(opened.pk)
    return facts


def _elsewhere(machine: Machine, name: str, step: Transition, state: str) -> Offer:
    return Offer(
        name=name,
        label=str(step.custom.get("label", name)),
        target=str(step.target),
        allowed=False,
        reasons=[_elsewhere_reason(machine, state)],
        from_here=False,
        policy=str(step.custom.get("policy", "")),
        four_eyes="four_eyes" in step.custom,
        reason_required=bool(step.custom.get("reason_required")),
    )


def _elsewhere_reason(machine: Machine, state: str) -> str:
    return _("This is not possible while the state is “%(state)s”") % {
        "state": machine.state_label(state)
    }


def _guards(step: Transition) -> list[Guard]:
    return [cast("Guard", one) for one in step.conditions]


def _methods(model: type) -> list[Any]:
    """The transition methods of a class, in the order in which they are written."""
    found: dict[str, Any] = {}
    for klass in reversed(model.__mro__):
        for name, value in vars(klass).items():
            if hasattr(value, "_django_fsm"):
                found[name] = value
    return list(found.values())


def _name_of(method: Any) -> str:
    """What the transition is called outside; as steps are stacked, each may carry the name."""
    steps = method._django_fsm.transitions.values()
    names = {str(step.custom["name"]) for step in steps if "name" in step.custom}
    return names.pop() if names else str(method.__name__)


# How perform writes ---------------------------------------------------------------------------


def _lock(model: type[R], keys: Sequence[UUID]) -> list[R]:
    return list(
        model._default_manager.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",))
    ) or _missing(model)


def _missing(model: type[R]) -> list[R]:
    raise model.DoesNotExist(gettext_lazy("This record does not exist."))


def _facts(machine: Machine, records: Sequence[Record], at: datetime) -> Mapping[UUID, Facts]:
    return machine.facts(records=records, at=at) if machine.facts else {}


def _written(machine: Machine, record: Record, changes: Mapping[str, Any] | None) -> list[str]:
    extra = [machine.field, "version", "updated_at", *(changes or {})]
    if hasattr(record, f"{machine.field}_since"):
        setattr(record, f"{machine.field}_since", record.updated_at)
        extra.append(f"{machine.field}_since")
    return extra


def _write_many(
    machine: Machine, records: Sequence[Record], at: datetime, changes: Mapping[str, Any]
) -> None:
    if not records:
        return
    table = connection.ops.quote_name(machine.model._meta.db_table)
    names = {machine.field: None, **changes}
    if hasattr(records[0], f"{machine.field}_since"):
        names[f"{machine.field}_since"] = at
    fields = {
        name: cast("models.Field[Any, Any]", machine.model._meta.get_field(name)) for name in names
    }
    target = machine.state_of(records[0])
    values = [
        fields[name].get_db_prep_save(target if name == machine.field else names[name], connection)
        for name in names
    ]
    assignments = ", ".join(
        f"{connection.ops.quote_name(str(one.column))} = %s" for one in fields.values()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {assignments}, version = version + 1, updated_at = %s"
            " WHERE id = ANY(%s::uuid[])",
            [*values, at, [str(record.pk) for record in records]],
        )
