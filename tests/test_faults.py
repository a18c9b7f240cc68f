"""Whoever changes data, pages or settings is stopped by any slip, and told what to do: tests/faults.py makes the slips."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import run
from faults import TABLE, Fault, Told, everything, table

GOOD = "The last good site.\n"


def test_many_different_faults_are_made_in_every_file() -> None:
    made = [(one.fault.file, one.fault.content, one.fault.instead) for one in everything()]
    assert len(set(made)) == len(made) >= 1000
    assert {"data/figures.yml", "data/questions.yml", "mkdocs.yml", "mkdocs.it.yml"} <= {file for file, *_ in made}


def test_each_is_caught_and_told_in_one_message_with_file_line_and_remedy() -> None:
    lacking = [f"{one.fault.file}: {one.fault.kind}: {one.shortcomings}: {one.said[:2]}" for one in everything() if one.shortcomings]
    assert lacking == []


def test_the_table_is_up_to_date() -> None:
    def counts(text: str) -> list[str]:
        """The table without its examples, which name records."""
        return [line.rsplit(" | ", 1)[0] if line.count(" | ") == 5 else line for line in text.splitlines()]

    assert counts(TABLE.read_text("utf-8")) == counts(table(everything())), "run `python tests/faults.py`"


FAULT = Fault("keys", "key dropped", "data/units.yml", b"", range(3, 6), "the key 'kind' is missing")
WELL = "data/units.yml:4: people: the key 'kind' is missing; it is required"


@pytest.mark.parametrize(
    ("said", "lacks"),
    [
        ((), "not caught"),
        ((WELL, WELL + " too"), "2 messages"),
        (("people: the key 'kind' is missing; it is required",), "no file and line"),
        ((WELL.replace("units", "areas"),), "another file"),
        ((WELL.replace(":4:", ":40:"),), "line [40]"),
        (("data/units.yml:4: people: the key 'kind' is missing",), "no remedy"),
        ((WELL.replace("kind", "name"),), "does not say"),
        ((WELL + "\nTraceback (most recent call last)",), "a traceback"),
    ],
)
def test_a_poor_message_is_seen(said: tuple[str, ...], lacks: str) -> None:
    assert Told(FAULT, (WELL,)).shortcomings == []
    assert any(found.startswith(lacks) for found in Told(FAULT, said).shortcomings)


def test_a_crash_is_not_caught() -> None:
    told = Told(FAULT, (), "KeyError: 'kind'")
    assert not told.caught
    assert told.shortcomings == ["KeyError: 'kind'"]
    assert "1: 0 caught, 0 well told" in table([told])


# --- as somebody at a terminal sees it ---------------------------------------------------------------------------------


def write(project: Path, file: str, change: Callable[[str], str]) -> None:
    path = project / file
    path.write_text(change(path.read_text("utf-8")), "utf-8")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda p: write(p, "data/figures.yml", lambda t: t.replace("unit: memberships", "unit: membreships", 1)), r"data/figures\.yml:\d+: .*did you mean memberships"),
        (lambda p: (p / "docs/it/index.md").write_bytes("# Già\n".encode("latin-1")), r"docs/it/index\.md:1: is not UTF-8 .*; save it as UTF-8"),
        (lambda p: write(p, "docs/en/index.md", lambda t: t + "\n{{ figure('members-wrld') }}\n"), r"docs/en/index\.md:5: .*did you mean members-world"),
        (lambda p: write(p, "mkdocs.it.yml", lambda t: t + "  - Altro: [\n"), r"mkdocs\.it\.yml:\d+: is not YAML: .*; check the indent"),
    ],
    ids=["dangling id", "Latin-1", "macro", "YAML"],
)  # fmt: skip
def test_a_build_ends_with_one_message_and_the_last_site_as_it_was(project: Path, spoil: Callable[[Path], None], says: str) -> None:
    page = project / "site" / "index.html"
    page.parent.mkdir()
    page.write_text(GOOD)
    spoil(project)
    result = run(project, "microsite", "build")
    assert result.returncode == 1, result.stdout
    message, *rest = result.stdout.splitlines()
    assert re.match(says, message), result.stdout
    assert rest == ["1 mistake.", "Nothing was replaced: the last good site is as it was."]
    assert [path.name for path in (project / "site").rglob("*")] == ["index.html"]
    assert page.read_text() == GOOD
    assert not list(project.glob(".site-*"))
