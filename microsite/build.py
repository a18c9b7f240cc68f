"""Build every edition aside, then put them in the place of the last good site in one move."""

import logging
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from click import ClickException
from jinja2 import TemplateError

from microsite import check, export, parity, side_by_side, successor
from microsite.edition import Edition, PageError
from microsite.export import downloads
from microsite.finish import FinishError, finish, moved
from microsite.load import DataError, Mistake, load
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

    All mistakes in settings, data and pages are reported together, before any page is made. The editions are built side by side
    in a folder beside `site`, on the same file system, so that they can replace it by a rename.
    Raises `BuildFailed` and leaves `site` untouched if anything is wrong.
    """
    site.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".site-", dir=site.parent, ignore_cleanup_errors=True) as folder:
        try:
            # A folder inside the temporary one, because that one is closed to every other user.
            fresh = editions(Path(folder) / "editions", engine)
            finish(fresh)
        except (DataError, export.ExportError, FinishError) as error:
            raise BuildFailed(str(error)) from None
        _swap(fresh, site, aside=Path(folder) / "last")
    return site / "index.html"


def editions(folder: Path, engine: str | None = None) -> Path:
    """Build every edition, with the files for others, into a new folder below `folder`, and return that. The last steps are to come.

    Raises `DataError` with all mistakes, `ExportError`, or `BuildFailed`.
    """
    languages = list(_sound_data()["languages"])
    ready = {language: ENGINES[engine or ENGINE](language) for language in languages}

    def work(language: str) -> Iterator[list[Mistake]]:
        wrong, _ = _look_over(language)
        yield wrong
        own = Edition(language)
        made = folder / language / own.root
        made.mkdir(parents=True)
        ready[language](made)
        yield []

    for results in side_by_side.rounds(work, languages):
        if wrong := [mistake for result in results for mistake in result]:
            raise DataError(wrong)
    first, *others = (folder / language for language in languages)
    for other in others:
        for path in sorted(other.rglob("*")):
            target = first / path.relative_to(other)
            if path.is_dir():
                target.mkdir(exist_ok=True)
            else:
                path.rename(target)
    return first


def sound() -> tuple[Facts, set[tuple[str, str]]]:
    """The facts, and the (kind, id) of the records that pages show.

    Raises `DataError` with all mistakes in settings, data, words and pages, or `ExportError`. Settings come first, as all else is read by them.
    """
    facts = _sound_data()
    found = side_by_side.each(_look_over, facts["languages"])
    if wrong := [mistake for mistakes, _ in found for mistake in mistakes]:
        raise DataError(wrong)
    return facts, set().union(*(used for _, used in found))


def _sound_data() -> Facts:
    """The facts; raises `DataError` with all mistakes in settings, data and words."""
    there = [path for path in sorted(ROOT.glob("mkdocs*.yml")) if re.fullmatch(r"mkdocs(\.[a-z]{2,3})?\.yml", path.name)]
    if wrong := [mistake for path in there for mistake in check.settings(path)]:
        raise DataError(wrong)
    facts = load()
    if wrong := [*check.editions(facts), *check.words(facts), *parity.mistakes(facts)]:
        raise DataError(wrong)
    return facts


def _look_over(language: str) -> tuple[list[Mistake], set[tuple[str, str]]]:
    """The mistakes on the pages of an edition and, if there are none, the (kind, id) of the records that they show; the first edition
    answers for the files that all share, which may raise `ExportError`."""
    # Only now: its words are made from the data.
    from macros import editions

    own = editions()[language]
    wrong = [*check.pages(own), *moved.mistakes(own)]
    if not own.root:
        export.files(own.facts)
    return wrong, set() if wrong else {used for page in own.usage.values() for used in page.used}


# --- what makes the pages --------------------------------------------------------------------------------------------


def _with_mkdocs(language: str) -> Callable[[Path], None]:
    """Read the settings of an edition, and return what builds it into a folder, strictly. MkDocs calls `on_post_build` in macros.py, which
    writes the files for others."""
    # Only here, as the site can be built without it.
    from mkdocs.commands.build import build as build_edition
    from mkdocs.config import load_config

    settings = settings_of(language)

    def build(site: Path) -> None:
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

    return build


def _with_zensical(language: str) -> Callable[[Path], None]:
    """The same with Zensical, which calls nothing after the pages."""
    from macros import editions

    own = editions()[language]

    def build(site: Path) -> None:
        try:
            successor.build_edition(settings_of(language), site, own)
            downloads.write(site.parent if own.root else site, own)
        except (successor.SuccessorFailed, DataError, export.ExportError, PageError, TemplateError) as error:
            raise BuildFailed(str(error)) from None

    return build


ENGINES = {"mkdocs": _with_mkdocs, "zensical": _with_zensical}


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
