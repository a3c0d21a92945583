"""What an app writes in its `lifecycle.py`: states, guards, transitions; and the register of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import models
from django_fsm import FSMField, FSMFieldDescriptor, Transition
from django_fsm import transition as transition

from clm.core.models import Record

Facts = Any
FactsSelector = Callable[..., Mapping[UUID, Facts]]


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

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False, **kwargs: Any
    ) -> None:
        if cls.__module__ == "__fake__":
            # A migration's picture of the model, made anew at every step. It has no transitions,
            # and each one that looked for them would be asked again at every later picture.
            models.CharField.contribute_to_class(self, cls, name, private_only)
        else:
            super().contribute_to_class(cls, name, private_only, **kwargs)


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
        for method in methods_of(self.model):
            found[name_of(method)] = list(method._django_fsm.transitions.values())
        return found

    def step(self, name: str, state: str) -> Transition | None:
        """The transition `name` as it applies from `state`, or None."""
        meta = self.method(name)._django_fsm
        return cast("Transition | None", meta.transitions.get(state))

    def method(self, name: str) -> Any:
        """The method behind a transition's name."""
        found = next((one for one in methods_of(self.model) if name_of(one) == name), None)
        if found is None:
            raise LookupError(f"{self.label} has no transition {name}")
        return found

    def facts_of(self, records: Sequence[Record], at: datetime) -> Mapping[UUID, Facts]:
        """What the guards need to know of these records, by id."""
        return self.facts(records=records, at=at) if self.facts else {}

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


def guards_of(step: Transition) -> list[Guard]:
    return [cast("Guard", one) for one in step.conditions]


def needs_second_person(step: Transition) -> bool:
    """
    Whether another person than who asked has to take it: `four_eyes` names the approval it decides
    (`clm.core.approvals`), `not_by` the record's own fields that hold who may not.
    """
    return not {"four_eyes", "not_by"}.isdisjoint(step.custom)


def methods_of(model: type) -> list[Any]:
    """The transition methods of a class, in the order in which they are written."""
    found: dict[str, Any] = {}
    for klass in reversed(model.__mro__):
        for name, value in vars(klass).items():
            if hasattr(value, "_django_fsm"):
                found[name] = value
    return list(found.values())


def name_of(method: Any) -> str:
    """What the transition is called outside; as steps are stacked, each may carry the name."""
    steps = method._django_fsm.transitions.values()
    names = {str(step.custom["name"]) for step in steps if "name" in step.custom}
    return names.pop() if names else str(method.__name__)
