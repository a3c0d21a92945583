"""`bench`: one or all benchmarks, each as a ratio to its baseline in the same run."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from benchmarks import kit


class Command(BaseCommand):
    help = "Runs benchmarks, each against a named baseline in the same run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", help="which; without any the list is shown")
        parser.add_argument("--all", action="store_true", help="every benchmark")
        parser.add_argument("--rows", type=int, action="append", help="size; may be given often")
        parser.add_argument("--json", action="store_true", help="one JSON document on stdout")

    def handle(self, *args: Any, names: list[str], **options: Any) -> None:
        known = kit.found()
        if options["all"]:
            names = sorted(known)
        if unknown := [name for name in names if name not in known]:
            raise CommandError(
                f"There is no benchmark {', '.join(unknown)}. Known: {', '.join(sorted(known))}."
            )
        if any(rows < 1 for rows in options["rows"] or ()):
            raise CommandError("--rows is a number above 0.")
        if not names:
            for name, module in sorted(known.items()):
                self.stdout.write(f"{name:<20} {module.PROMISE}")
            return
        results = [self._run(known[name], options["rows"]) for name in names]
        if options["json"]:
            self.stdout.write(json.dumps({"benchmarks": [one.document() for one in results]}))
            return
        for result in results:
            self._show(result)

    def _run(self, module: Any, rows: list[int] | None) -> kit.Result:
        result: kit.Result = module.run(sizes=tuple(rows or module.ROWS), say=self.stderr.write)
        return result

    def _show(self, result: kit.Result) -> None:
        self.stdout.write(f"{result.name}: {result.promise}")
        for one in result.measures:
            memory = "" if one.memory_mb is None else f", memory +{one.memory_mb:g} MB"
            self.stdout.write(
                f"  {one.what}, {one.size:,}: {one.ours:,g} {one.unit}; {one.baseline_name}:"
                f" {one.baseline:,g}; ratio {one.ratio:g}{memory}"
            )
        for what, slope in result.exponents.items():
            self.stdout.write(f"  grows as size^{slope:g} ({what})")
        for note in result.notes:
            self.stdout.write(f"  {note}")
