"""Every built page is valid HTML: the Nu HTML checker finds no error, and there is no list of exceptions."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import needed

CHECKER = Path(__file__).parent / "node_modules/vnu-jar/build/dist/vnu.jar"


@pytest.fixture(scope="module", autouse=True)
def _there() -> None:
    needed(CHECKER.exists(), "Nu HTML checker (it comes by npm)")
    needed(shutil.which("java"), "Java")


def errors(folder: Path) -> list[str]:
    """Return the checker's errors for every page below a folder, each with file and line."""
    command = ["java", "-Xss8m", "-jar", CHECKER, "--skip-non-html", "--errors-only", "--exit-zero-always", "--stdout", "--format", "json", folder]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    found = json.loads(done.stdout)["messages"]
    return [f"{one['url'].partition(folder.name + '/')[2]}:{one.get('lastLine', '')}: {one['message']}" for one in found if one["type"] != "info"]


def test_every_page_is_valid(site: Path) -> None:
    found = errors(site)
    assert len(found) == 0, "\n".join(found[:50])


BROKEN = {
    "table.html": "<p><table><tr><td>One</table><b>",
    "attribute.html": '<input type="checkbox" autocomplete="off">',
    "label.html": '<label for="nothing">Name</label>',
    "twice.html": '<p id="twice">One<p id="twice">Two',
    "image.html": '<img src="x.png">',
    "nested.html": '<a href="a"><a href="b">Two</a></a>',
    "list.html": "<ul><p>One</p></ul>",
    "state.html": '<button aria-expanded="perhaps">One</button>',
}


def test_the_check_sees_what_is_broken(tmp_path: Path) -> None:
    for name, text in BROKEN.items():
        (tmp_path / name).write_text(f'<!doctype html><html lang="en"><title>Sample</title>{text}', "utf-8")
    assert {line.partition(":")[0] for line in errors(tmp_path)} == set(BROKEN)


def test_the_check_lets_a_valid_page_pass(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text('<!doctype html><html lang="en"><title>Sample</title><p>Text</p></html>', "utf-8")
    (tmp_path / "notes.txt").write_text("<p><table>", "utf-8")
    assert errors(tmp_path) == []
