"""The recipes of HANDBOOK.md do what they say: their snippets and commands are taken from the text and carried out in a copy of the project."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, run
from test_third_language import copied

TEXT = (ROOT / "HANDBOOK.md").read_text("utf-8")
FOLLOWED = ("Add a source", "Correct a figure, or add a newer one", "Add a page", "Add a country")
"""The recipes that are followed here, in this order: figures and countries name the source."""
_STEP = re.compile(
    r"^ *Into `(?P<file>[^`]+)`, (?P<where>[^\n]+?):\n\n(?P<indent> *)```\w+\n(?P<snippet>.*?)^ *```$|^ *```sh\n(?P<commands>.*?)^ *```$", re.M | re.S
)


def section(title: str) -> str:
    (found,) = re.findall(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", TEXT, re.M | re.S)
    return found


def snippets(title: str) -> Iterator[tuple[str, str, str]]:
    """What a recipe says to write: file, place, text."""
    for step in _STEP.finditer(section(title)):
        if step["file"]:
            yield step["file"], step["where"], re.sub(rf"^{step['indent']}", "", step["snippet"], flags=re.M)


def commands(title: str) -> list[str]:
    return [line for step in _STEP.finditer(section(title)) if step["commands"] for line in textwrap.dedent(step["commands"]).split("\n") if line]


def write(project: Path, file: str, where: str, snippet: str) -> None:
    """Do what one step of a recipe says."""
    place = project / file
    if where == "as a new file":
        place.write_text(snippet, "utf-8")
        return
    text = place.read_text("utf-8")
    if record := re.fullmatch(r"at the end of the record `([\w-]+)`", where):
        text, found = re.subn(rf"(?ms)^(- id: {record[1]}\n.*?)(?=^- |\Z)", lambda match: match[1] + snippet, text)
        assert found == 1, where
    elif line := re.fullmatch(r"below `(.+)`", where):
        assert text.count(f"{line[1]}\n") == 1, where
        text = text.replace(f"{line[1]}\n", f"{line[1]}\n{snippet}")
    else:
        assert where in ("at the end", "in its place in the order of ids"), where
        text += snippet
    place.write_text(text, "utf-8")


def module(command: str) -> tuple[str, ...]:
    """A command of the handbook, as the module that does it here."""
    if command.startswith(".venv/bin/python "):
        return (command.removeprefix(".venv/bin/python ").removesuffix(".py").replace("/", "."),)
    return {"make check": ("microsite", "check"), "make site": ("microsite", "build")}[command.partition("  ")[0]]


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which the four recipes were followed, each command at the end of its recipe but for the builds, of which the last does."""
    project = copied(tmp_path_factory.mktemp("handbook") / "project")
    (project / "tests").mkdir()
    for name in ("published.py", "published.txt", "test_links.py"):
        shutil.copy(ROOT / "tests" / name, project / "tests")
    last: dict[tuple[str, ...], None] = {}
    for title in FOLLOWED:
        for file, where, snippet in snippets(title):
            write(project, file, where, snippet)
        for command in commands(title):
            last.pop(module(command), None)
            last[module(command)] = None
    for command in last:
        result = run(project, *command) if command[0] == "microsite" else script(project, command[0])
        assert result.returncode == 0, result.stdout
        assert "example-almanack: no record names it" not in result.stdout
    return project


def script(project: Path, name: str):
    """A script by its path, as `python path` runs it: its own folder is on Python's path, the project is not."""
    (project / "run_script.py").write_text(
        f"import runpy, sys; sys.path[0] = 'tests'; sys.path.append({str(ROOT)!r}); runpy.run_path('{name.replace('.', '/')}.py', run_name='__main__')"
    )
    return run(project, "run_script")


def test_each_recipe_has_snippets_and_commands() -> None:
    assert {title: (len(list(snippets(title))), len(commands(title))) for title in FOLLOWED} == {
        "Add a source": (1, 1), "Correct a figure, or add a newer one": (2, 1), "Add a page": (4, 3), "Add a country": (1, 3),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("figures/members.html", "about 1.3\u00a0billion"),
        ("it/figures/members.html", "circa 1,3\u00a0miliardi"),
        ("reference/sources.html", "The Example Almanack"),
        ("reference/changes.html", "An example of a correction"),
        ("tradition/example.html", "Its story is"),
        ("it/tradition/example.html", "aprì un negozio"),
        ("figures/countries/europe.html", 'id="malta"'),
        ("it/figures/countries/europe.html", 'id="malta"'),
        ("tradition/rochdale.html", "An example</a>"),
    ],
)
def test_the_recipes_lead_where_they_say(followed: Path, page: str, shown: str) -> None:
    assert shown in (followed / "site" / page).read_text("utf-8")


def test_new_addresses_are_written_down(followed: Path) -> None:
    before = set((ROOT / "tests" / "published.txt").read_text("utf-8").split())
    after = set((followed / "tests" / "published.txt").read_text("utf-8").split())
    assert before <= after
    assert {"tradition/example.html", "it/tradition/example.html#why", "figures/countries/europe.html#malta"} <= after


# --- what goes wrong -------------------------------------------------------------------------------------------------

DATA = (
    ("Correct a figure, or add a newer one", "source: example-almanack", "source: example-almanac"),
    ("Correct a figure, or add a newer one", "value: 1300000000", "value: '1,300,000,000'"),
    ("Correct a figure, or add a newer one", "certainty: rounded", "certainty: roughly"),
    ("Correct a figure, or add a newer one", "year: '2025'", "year: '2031'"),
    ("Add a source", "  accessed: '2026-11-22'\n", ""),
    ("Add a source", '  publisher: "Example Society"\n  URL: "https://example.org/almanack"\n  accessed: \'2026-11-22\'\n', ""),
    ("Add a country", "'MT'", "'mt'"),
    ("Add a country", "'470'", "470"),
    ("Add a country", "continent: europe", "continent: europ"),
)
PAGE = (
    ("# Why it matters { #why }", "# Why it matters"),
    ("a shop opened", "a shop opened in 1844"),
    ("year(", "yeer("),
    ("rochdale.md", "rochedale.md"),
)
"""Single slips in the snippets of the recipes."""


def rows(title: str) -> set[str]:
    """What the handbook says that messages say."""
    return set(re.findall(r"^\| `(.+?)` \|", section(title), re.M))


def test_messages_on_data_are_those_that_the_handbook_tells(project: Path) -> None:
    told = set[str]()
    for number, (title, right, wrong) in enumerate(DATA):
        file, where, snippet = next(snippets(title))
        assert right in snippet
        # Another id for each, as all stand in one file; the right source last.
        slip = re.sub(r"^- id: ([\w-]+)$", f"- id: slip-{number}", snippet.replace(right, wrong), flags=re.M)
        # What a record names is looked up once the record itself is sound, so that slip stands in a record of its own.
        write(project, file, where if number else "at the end of the record `rochdale-members`", slip)
        told |= rows(title)
    write(project, *next(snippets("Add a source")))
    result = run(project, "microsite", "check")
    assert result.returncode == 1
    hint = "example-almanack: no record names it, and no page shows it"
    assert {words for words in told if words not in result.stdout} == {hint}
    assert f"{len(DATA)} mistakes." in result.stdout


def test_messages_on_pages_are_those_that_the_handbook_tells(project: Path) -> None:
    for language in ("en", "it"):
        (project / "docs" / language / "tradition").mkdir()
    write(project, *next(snippets("Add a source")))
    said = ""

    def check() -> str:
        result = run(project, "microsite", "check")
        assert "Traceback" not in result.stdout
        return result.stdout

    said += check()  # the source alone
    (english, _, text), italian, *_ = snippets("Add a page")
    write(project, english, "as a new file", text)
    said += check()  # no menu
    for settings in ("mkdocs.yml",):
        (project / settings).write_text((project / settings).read_text("utf-8") + "  - tradition/example.md\n", "utf-8")
    said += check()  # no twin
    write(project, *italian)
    (project / "mkdocs.it.yml").write_text((project / "mkdocs.it.yml").read_text("utf-8") + "  - tradition/example.md\n", "utf-8")
    for right, wrong in PAGE:
        assert right in text
        write(project, english, "as a new file", text.replace(right, wrong))
        said += check()
    assert {words for words in rows("Add a page") if words not in said} == set()
    assert "example-almanack: no record names it, and no page shows it" in said


def test_the_handbook_names_files_and_sections_that_are_there() -> None:
    examples = re.compile(r"example|\bes\b|l09|\.es\.|\.conf|lock|<|\.htaccess|mkdocs\.es")
    for name in re.findall(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:md|yml|py|txt))`", TEXT):
        if not examples.search(name) and not name.startswith("site/"):
            found = [ROOT / name, ROOT / "docs/en" / name, ROOT / "docs/en" / name.replace(".html", ".md")]
            assert any(path.exists() for path in found), name
    for anchor in re.findall(r"\]\(#([\w-]+)\)", TEXT):
        headings = [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^## (.+)$", TEXT, re.M)]
        assert anchor in headings, anchor
