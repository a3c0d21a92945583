"""`manage.py lifecycles`: the table a compliance officer reads, written from the machines."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django_fsm import Transition

from clm.core import lifecycle


class Command(BaseCommand):
    help = "Writes docs/lifecycles.md: the tables and diagrams of all state machines."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when it is stale")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "lifecycles.md"
        text = render()
        if check:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                raise CommandError("docs/lifecycles.md is stale: run manage.py lifecycles.")
            self.stdout.write("docs/lifecycles.md is up to date.")
            return
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.stdout.write(f"Wrote {path.name} with {len(lifecycle.machines())} machines.")


def render() -> str:
    """The whole page, in English whatever the language in force."""
    with translation.override("en"):
        parts = [
            (
                "# Life-cycles\n\nWritten by `manage.py lifecycles` from each app's `lifecycle.py`;"
                " edit those.\n"
            )
        ]
        parts += [_machine(one) for one in lifecycle.machines()]
    return "\n".join(parts)


def _machine(machine: lifecycle.Machine) -> str:
    lines = [
        f"## {machine.label}\n",
        "| transition | from | to | needs | permission | eyes | policy |",
        "|---|---|---|---|---|---|---|",
    ]
    arrows = []
    for name, steps in machine.transitions().items():
        for step in steps:
            lines.append(_row(name, step))
            arrows.append(f"    {step.source} --> {step.target}: {name}")
    diagram = ["```mermaid", "stateDiagram-v2", *arrows, "```"]
    return "\n".join([*lines, "", *diagram, ""])


def _row(name: str, step: Transition) -> str:
    needs = [str(getattr(one, "sentence", one)) for one in step.conditions]
    if step.custom.get("reason_required"):
        needs.append("A reason is given")
    eyes = "second person" if lifecycle.needs_second_person(step) else ""
    if "opens" in step.custom:
        eyes = "asks a second person"
    if step.custom.get("automatic"):
        eyes = "by itself"
    cells = [
        f"`{name}`",
        str(step.source),
        str(step.target),
        "; ".join(needs),
        f"`{step.permission}`" if step.permission else "",
        eyes,
        str(step.custom.get("policy", "")),
    ]
    return "| " + " | ".join(cells) + " |"
