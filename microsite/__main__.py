"""The commands: `python -m microsite build`, and so on. This file only passes on."""

import argparse
import json
import sys
from pathlib import Path

from microsite.export import ExportError
from microsite.load import DATA, DataError, load, schemas, unused


def build(arguments: argparse.Namespace) -> int:
    # MkDocs is slow to import, and `check` does without it.
    from microsite.build import command

    return command(arguments.site, arguments.engine)


def serve(arguments: argparse.Namespace) -> int:
    from microsite.preview import preview
    from microsite.settings import settings_of

    try:
        known = load()["languages"]
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    if (language := arguments.edition or next(iter(known))) not in known:
        print(f"There is no edition '{language}'; there are: {', '.join(known)}", file=sys.stderr)
        return 1
    return preview(settings_of(language).name)


def check(_: argparse.Namespace) -> int:
    from microsite.build import sound

    try:
        facts, pages = sound()
    except (DataError, ExportError) as error:
        print(error, file=sys.stderr)
        return 1
    for kind, record_id in unused(facts, pages):
        print(f"data/{kind}.yml: {record_id}: no record names it, and no page shows it")
    print(", ".join(f"{len(records)} {kind}" for kind, records in facts.records.items()))
    return 0


def write_schemas(_: argparse.Namespace) -> int:
    folder = DATA / "schemas"
    folder.mkdir(exist_ok=True)
    for kind, schema in schemas().items():
        (folder / f"{kind}.json").write_text(json.dumps(schema, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def export(arguments: argparse.Namespace) -> int:
    from macros import editions
    from microsite.edition import PageError
    from microsite.export import ExportError, downloads

    try:
        written = [path for edition in editions().values() for path in downloads.write(arguments.folder, edition)]
    except (DataError, ExportError, PageError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(written)} files in {arguments.folder}")
    return 0


def links(arguments: argparse.Namespace) -> int:
    from microsite.links import archive, command

    try:
        return (archive if arguments.archive else command)(arguments.sources)
    except DataError as error:
        print(error, file=sys.stderr)
        return 1


def headers(arguments: argparse.Namespace) -> int:
    from microsite.finish import FinishError
    from microsite.finish.headers import HOSTS

    try:
        print(HOSTS[arguments.host](arguments.site), end="")
    except FinishError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m microsite", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")

    command = commands.add_parser("build", help="build every edition, then replace the last site by them")
    command.add_argument("--site", type=Path, default=Path("site"), help="where to (default: %(default)s)")
    command.add_argument("--engine", choices=("mkdocs", "zensical"), help="what makes the pages (default: as set in microsite/build.py)")
    command.set_defaults(run=build)

    command = commands.add_parser("serve", help="preview an edition, reloading when anything changes")
    command.add_argument("--edition", metavar="LANGUAGE", help="which one, such as it (default: the first)")
    command.set_defaults(run=serve)

    command = commands.add_parser("check", help="report every mistake in settings, data and pages, and what nothing uses, without building")
    command.set_defaults(run=check)

    command = commands.add_parser("schemas", help="write data/schemas/ from the models, for editors that check YAML as it is typed")
    command.set_defaults(run=write_schemas)

    command = commands.add_parser("export", help="write the files for others (open data, questions, packs, e-book), as the build does, without the pages")
    command.add_argument("folder", type=Path, help="the site's root, or any folder")
    command.set_defaults(run=export)

    command = commands.add_parser("links", help="ask whether the addresses outside this site are still there; needs a network")
    command.add_argument("--sources", nargs="+", default=(), metavar="ID", help="only those of these sources")
    command.add_argument("--archive", action="store_true", help="instead, enter where the Internet Archive keeps a copy of a source")
    command.set_defaults(run=links)

    command = commands.add_parser("headers", help="print what a host should say with the files of a built site: content policy, keeping times")
    command.add_argument("host", choices=("netlify", "nginx", "apache"), help="in the form of which host")
    command.add_argument("--site", type=Path, default=Path("site"), help="the built site (default: %(default)s)")
    command.set_defaults(run=headers)

    arguments = parser.parse_args()
    return arguments.run(arguments)


if __name__ == "__main__":
    sys.exit(main())
