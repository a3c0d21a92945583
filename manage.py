#!/usr/bin/env python3
"""The one entry point. On a bare machine it makes `.venv` first; without configured services it
brings its own PostgreSQL and Valkey for as long as the command runs."""

import os
import sys


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036
        # Kept readable for old interpreters, so that they can say this instead of a syntax error.
        sys.exit("This needs Python 3.11 or newer; this is %s." % sys.version.split()[0])  # noqa: UP031

    from clm import bootstrap

    bootstrap.ensure_packages(arguments=sys.argv)

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clm.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command == "demo" and "--help" not in sys.argv:
        from clm import demo

        sys.exit(demo.main(arguments=sys.argv[2:]))
    if command == "test" and "--help" not in sys.argv:
        from clm import testrun

        sys.exit(testrun.main(arguments=sys.argv[2:]))

    if command == "bench" and "--help" not in sys.argv and "CLM_BENCH" not in os.environ:
        from clm import benchrun

        sys.exit(benchrun.main(arguments=sys.argv[2:]))

    from django.core.management import execute_from_command_line

    from clm import local

    with local.services_for(arguments=sys.argv):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
