"""Copies of the project that are measured: with so many times the data and pages, and its pages as plain Markdown for others to build."""

from __future__ import annotations

import copy
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from microsite import places, successor  # noqa: E402
from microsite.load import load, references  # noqa: E402
from microsite.model import KINDS  # noqa: E402
from microsite.settings import settings_of  # noqa: E402

COPIED = ("macros.py", "microsite", "theme", "data", "docs", "mkdocs.yml", "mkdocs.it.yml")
MULTIPLIED = (
    "sources", "countries", "figures", "quotations", "events", "people", "organisations", "exchanges", "cases", "findings", "glossary",
    "misconceptions", "changes",
)  # fmt: skip
"""The kinds of which there can be more: there are seven principles, ten values, and so on."""
LISTS = (
    "timeline", "people_list", "organisations_list", "glossary_list", "misconceptions", "cases", "findings", "exchanges", "series_of", "countries",
    "sum_of_members", "sources_list", "changes_list",
)  # fmt: skip
"""The macros that tell all records of such a kind. They grow with the data where they stand, so no copy of a page has them again."""
ALL_RECORDS = ("exchanges", "decades")
"""The forms of drawings that do the same."""
OTHER_IDS = (
    "chart", "principle", "statement", "value", "number", "account", "division", "assembly", "family_sign", "questions_on", "question", "step", "lesson_head",
    "objectives", "answers", "timing", "curriculum", "words_of_lesson", "for_teachers", "check_yourself", "downloads", "link_this",
)  # fmt: skip
"""The macros that name records of other kinds, or none."""
_CALL = re.compile(r"\{\{ (\w+)\((.*?)\) \}\}", re.S)
_LINK = re.compile(r"\]\(([^)\s#]+)#([\w-]+)\)")


def project(folder: Path, times: int = 1, pages: int = 1) -> Path:
    """A copy of the project with so many times the data, and so many times the pages (of which there may not be more)."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, folder / name)
    facts = load()
    for kind in KINDS:
        path = folder / "data" / f"{kind}.yml"
        records = yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        if kind in MULTIPLIED:
            records += [
                again(record, facts[kind][record["id"]], number) for number in range(2, times + 1) for record in records[: len(facts[kind])]
            ]
        # Written in one manner at every size, so that the sizes can be compared.
        path.write_text(_dumped(records), encoding="utf-8")
    for language in facts["languages"]:
        name = settings_of(language).name
        for number in range(2, pages + 1):
            for src in _pages(folder / "docs" / language):
                target = folder / "docs" / language / f"copy-{number}" / src
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(page_again(folder / "docs" / language / src, number), encoding="utf-8")
        if pages > 1:
            settings, _, menu = (folder / name).read_text(encoding="utf-8").partition("\nnav:\n")
            (folder / name).write_text(f"{settings}\n{_dumped({'nav': longer(yaml.safe_load(menu), pages)})}", encoding="utf-8")
    return folder


def _dumped(values: Any) -> str:
    return yaml.dump(values, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), allow_unicode=True, sort_keys=False, width=1000)


def again(record: Mapping[str, Any], typed: Any, number: int) -> dict[str, Any]:
    """A record once more, under another id, with its references to records that were copied too."""
    made = copy.deepcopy(dict(record))
    for path, kinds, target in references(typed):
        if any(kind in MULTIPLIED and target in load()[kind] for kind in kinds):
            there: Any = made
            for step in path[:-1]:
                there = there["from" if step == "from_" else step]
            there["from" if path[-1] == "from_" else path[-1]] = f"{target}-copy-{number}"
    made["id"] = f"{record['id']}-copy-{number}"
    if isinstance(made.get("title"), str):
        made["title"] += f", copy {number}"
    # Others' works are by others: so many of one author and year would all have to be told apart.
    for named in (made, *made.get("author", ()), *made.get("editor", ())):
        for part in {"publisher", "container-title", "family", "literal"} & named.keys():
            named[part] += f" {number}"
    return made


def _pages(docs: Path) -> list[str]:
    """The pages of the project itself, by their paths below the folder of an edition."""
    found = (path.relative_to(docs).as_posix() for path in sorted(docs.rglob("*.md")))
    return [src for src in found if not src.startswith((places.MATERIALS, "copy-"))]


def page_again(path: Path, number: int) -> str:
    """A page's text once more: its macros name the records of that number, and it has no lists of all records."""

    def call(match: re.Match[str]) -> str:
        macro, arguments = match.groups()
        if macro in LISTS or (macro == "chart" and load()["charts"][arguments.strip("'")].form in ALL_RECORDS):
            return ""
        if macro in OTHER_IDS:
            return match[0]
        named = re.sub(r"'([^']+)'", lambda argument: _named(argument, number), arguments)
        return f"{{{{ {macro}({named}) }}}}"

    def link(match: re.Match[str]) -> str:
        # What a list made stands on the first page only.
        target = path.parent / match[1]
        return match[0] if target.suffix != ".md" or f"#{match[2]} }}" in target.read_text(encoding="utf-8") else f"]({match[1]})"

    return _LINK.sub(link, _CALL.sub(call, path.read_text(encoding="utf-8")))


def _named(argument: re.Match[str], number: int) -> str:
    there = any(argument[1] in load()[kind] for kind in MULTIPLIED)
    return f"'{argument[1]}-copy-{number}'" if there else argument[0]


def longer(menu: list[Any], times: int) -> list[Any]:
    """The menu with those of the copies, ten in a section, so that no reader of it meets more than a hundred entries at once."""
    sections = []
    for first in range(2, times + 1, 10):
        numbers = range(first, min(first + 10, times + 1))
        # A section begins with a page, where its own entry leads.
        within = [*_copied(menu, first), *({f"Copy {number}": _copied(menu, number)} for number in numbers[1:])]
        sections.append({f"Copies {numbers[0]} to {numbers[-1]}": within})
    return [*menu, *sections]


def _copied(menu: Iterable[Any], number: int) -> list[Any]:
    return [
        {title: _copied([below], number)[0] if isinstance(below, str) else _copied(below, number) for title, below in item.items()}
        if isinstance(item, dict) else f"copy-{number}/{item}"
        for item in menu
    ]  # fmt: skip


def plain(folder: Path, own: Path, language: str = "en", **theme: Any) -> Path:
    """The pages of an edition as they are after our macros, for Material as it comes: its own search, no macros, no theme of ours."""
    settings = successor.settings(own / settings_of(language).name)
    run(own, "-c", _RENDER, language, str(folder / "docs"))
    kept = {key: settings[key] for key in ("site_name", "site_url", "use_directory_urls", "markdown_extensions", "nav")}
    look = {"name": "material", "language": language, "font": False, **theme}
    (folder / "mkdocs.yml").write_text(yaml.safe_dump({**kept, "theme": look, "plugins": {"search": {}}}, allow_unicode=True), encoding="utf-8")
    return folder


_RENDER = """
import sys
from pathlib import Path
sys.path.insert(0, ".")
import macros
from microsite.edition import Edition
edition = Edition(sys.argv[1]); edition.bind(macros.WORDS)
for src in edition.usage:
    target = Path(sys.argv[2]) / src
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(edition.render(src), encoding="utf-8")
"""


def run(folder: Path, *arguments: str) -> str:
    """What Python says, given these arguments; a failure ends the benchmark."""
    result = subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"}
    )
    if result.returncode:
        raise SystemExit(f"{' '.join(arguments)[:80]} failed in {folder}:\n{result.stdout}{result.stderr}")
    return result.stdout
