"""The commands: `python -m microsite build`, and so on. This file only passes on."""

import argparse
import sys
from pathlib import Path

from microsite.load import DataError, load


def build(arguments: argparse.Namespace) -> int:
    # MkDocs is slow to import, and `check` does without it.
    from microsite.build import command

    return command(arguments.site)


def check(_: argparse.Namespace) -> int:
    try:
        load()
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m microsite", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")

    command = commands.add_parser("build", help="build both editions, then replace the last site by them")
    command.add_argument("--site", type=Path, default=Path("site"), help="where to (default: %(default)s)")
    command.set_defaults(run=build)

    command = commands.add_parser("check", help="read the data and report every mistake")
    command.set_defaults(run=check)

    arguments = parser.parse_args()
    return arguments.run(arguments)


if __name__ == "__main__":
    sys.exit(main())
