"""Build every edition aside, then put them in the place of the last good site in one move."""

import logging
import re
import sys
import tempfile
from pathlib import Path

from click import ClickException
from jinja2 import TemplateError

from microsite import check, export, parity, successor
from microsite.edition import Edition, PageError
from microsite.export import downloads
from microsite.finish import FinishError, finish, moved
from microsite.load import DataError, load
from microsite.model import Facts
from microsite.settings import settings_of

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "site"
ENGINE = "mkdocs"
"""What makes the pages; see “The way out” in the README."""


class BuildFailed(Exception):
    """The site could not be built. Its text says why; the last good site is as it was."""


def build(site: Path = SITE, engine: str | None = None) -> Path:
    """Build every edition into `site` with one of the `ENGINES`, or else with `ENGINE`; return the page to open first.

    All mistakes in settings, data and pages are reported together, before any page is made. The editions are built
    into a folder beside `site`, on the same file system, so that they can replace it by a rename.
    Raises `BuildFailed` and leaves `site` untouched if anything is wrong.
    """
    try:
        sound()
    except (DataError, export.ExportError) as error:
        raise BuildFailed(str(error)) from None
    site.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".site-", dir=site.parent, ignore_cleanup_errors=True) as folder:
        # A folder inside the temporary one, because that one is closed to every other user.
        fresh = Path(folder) / "site"
        ENGINES[engine or ENGINE](fresh)
        try:
            finish(fresh)
        except FinishError as error:
            raise BuildFailed(str(error)) from None
        _swap(fresh, site, aside=Path(folder) / "last")
    return site / "index.html"


def sound() -> tuple[Facts, set[tuple[str, str]]]:
    """The facts, and the (kind, id) of the records that pages show.

    Raises `DataError` with all mistakes in settings, data, words and pages, or `ExportError`. Settings come first, as all else is read by them.
    """
    there = [path for path in sorted(ROOT.glob("mkdocs*.yml")) if re.fullmatch(r"mkdocs(\.[a-z]{2,3})?\.yml", path.name)]
    if wrong := [mistake for path in there for mistake in check.settings(path)]:
        raise DataError(wrong)
    facts = load()
    if wrong := [*check.editions(facts), *check.words(facts), *parity.mistakes(facts)]:
        raise DataError(wrong)
    # Only now: its words are made from the data.
    from macros import editions

    known = editions().values()
    if wrong := [mistake for edition in known for mistake in (*check.pages(edition), *moved.mistakes(edition))]:
        raise DataError(wrong)
    export.files(facts)
    return facts, {used for edition in known for page in edition.usage.values() for used in page.used}


def _with_mkdocs(site: Path) -> None:
    """Build every edition. MkDocs calls `on_post_build` in macros.py, which writes the files for others."""
    # The first edition comes first: it empties the whole site.
    for language in load()["languages"]:
        _build_edition(settings_of(language), site / Edition(language).root)


def _with_zensical(site: Path) -> None:
    """Build every edition, and then what MkDocs calls for itself."""
    from macros import editions

    site.mkdir()
    try:
        for edition in editions().values():
            successor.build_edition(settings_of(edition.language), site / edition.root, edition)
        write_files(site)
    except (successor.SuccessorFailed, DataError, export.ExportError, PageError, TemplateError) as error:
        raise BuildFailed(str(error)) from None


ENGINES = {"mkdocs": _with_mkdocs, "zensical": _with_zensical}


def write_files(folder: Path) -> list[Path]:
    """Write the files for others, which all editions share, and say on the pages that stand there how large they are; return the files."""
    from macros import editions

    made = editions()
    written = [*export.write(folder), *downloads.write(folder, made.values())]
    for edition in made.values():
        downloads.fill_sizes(folder / edition.root, edition)
    return written


def _build_edition(settings: Path, site: Path) -> None:
    """Build one edition with MkDocs, strictly."""
    # Only here, as the site can be built without it.
    from mkdocs.commands.build import build as build_edition
    from mkdocs.config import load_config

    try:
        config = load_config(str(settings), site_dir=str(site), strict=True)
        # The settings let the first failing macro end a plain build. Here the strict mode does that in
        # the end, so that all of them are reported in one go.
        config.plugins["macros"].config["on_error_fail"] = False
        build_edition(config)
    # Some plugins leave by exit(), having logged the reason.
    except (ClickException, SystemExit) as error:
        why = error.format_message() if isinstance(error, ClickException) else "The build ended early; see above."
        raise BuildFailed(f"{settings.name}: {why}") from None


def _swap(fresh: Path, site: Path, aside: Path) -> None:
    """Move `fresh` to `site`, and what stood there to `aside`; put it back if the move fails."""
    if site.exists():
        site.rename(aside)
    try:
        fresh.rename(site)
    except OSError:
        if aside.exists():
            aside.rename(site)
        raise


class Words(logging.Formatter):
    """A line for each warning. The report of a failing macro comes as a Markdown page with a traceback through the template engine."""

    MACRO = re.compile(r".*# _Macro \w+ Error_\s+_File_: `(?P<page>.+?)`\s+(?P<what>.+?)\s*```(?P<trace>.*)", re.S)

    def format(self, record: logging.LogRecord) -> str:
        message = super().format(record)
        if not (report := self.MACRO.fullmatch(message)):
            return message
        what = re.sub(r"^_(.+?)_(?=[:\s])|\*\*", r"\1", report["what"])
        line = re.search(r'"<template>", line (\d+), in top-level', report["trace"])
        return f"{record.levelname}: {report['page']}{', line ' + line[1] if line else ''}: {what}"


def command(site: Path = SITE, engine: str | None = None) -> int:
    """Build for somebody at a terminal: warnings and the outcome in words; return the exit code."""
    log = logging.getLogger("mkdocs")
    handler = logging.StreamHandler()
    handler.setFormatter(Words("%(levelname)s: %(message)s"))
    handler.setLevel(logging.WARNING)
    log.addHandler(handler)
    try:
        page = build(site.resolve(), engine)
    except BuildFailed as error:
        print(f"{error}\nNothing was replaced: the last good site is as it was.", file=sys.stderr)
        return 1
    finally:
        log.removeHandler(handler)
    print(f"Open {page.as_uri()}")
    return 0
