"""The database's own refusal of an illegal jump, made from the machine's table."""

from collections.abc import Iterable

import pgtrigger

from clm.core.lifecycle.table import methods_of


def state_trigger(
    mixin: type,
    field: str = "state",
    *,
    initial: Iterable[str] | None,
    name: str = "state_machine",
) -> pgtrigger.Trigger:
    """
    A database trigger made from the machine's table.

    Refuses a row born in another state than `initial`, a jump the table does not know, and
    any change of state that does not also raise `version` by one.

    :param initial: None where a `birth_trigger` of its own looks at how rows begin
    """
    jumps = sorted(
        {
            (str(step.source), str(step.target))
            for method in methods_of(mixin)
            for step in method._django_fsm.transitions.values()
        }
    )
    allowed = ", ".join(f"('{source}', '{target}')" for source, target in jumps)
    opening, operation = "IF", pgtrigger.UpdateOf(field)  # type: ignore[no-untyped-call]
    if initial is not None:
        opening = f"""IF TG_OP = 'INSERT' THEN
                IF NEW.{field} NOT IN ({_listed(initial)}) THEN
                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.{field}
                        USING ERRCODE = 'check_violation';
                END IF;
            ELSIF"""
        operation = pgtrigger.Insert | operation
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=operation,
        func=f"""
            {opening} NEW.{field} IS DISTINCT FROM OLD.{field} THEN
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


def birth_trigger(
    field: str = "state", *, initial: Iterable[str], name: str = "state_birth"
) -> pgtrigger.Trigger:
    """
    Refuses a row born in another state than `initial`, for tables whose rows come by the million.

    A trigger before each row is called for each, and keeps COPY from inserting many at a time;
    this one comes after them and is called for no row that is in order.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition(f"NEW.{field} NOT IN ({_listed(initial)})"),
        func=f"""
            RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.{field}
                USING ERRCODE = 'check_violation';
        """,
    )


def _listed(states: Iterable[str]) -> str:
    return ", ".join(f"'{state}'" for state in sorted(str(one) for one in states))
