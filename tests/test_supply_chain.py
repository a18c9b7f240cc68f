"""What comes from others is known: each package with its reason and hashes, each vendored file with its origin, each script of the site with its licence."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from microsite.finish import bill
from microsite.finish.base import FinishError

WANTED = sorted(ROOT.glob("requirements*.in"))
PINNED = sorted(ROOT.glob("requirements*.txt"))
VENDORED = yaml.safe_load((ROOT / "microsite/vendored.yml").read_text("utf-8"))


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("no git repository")
    return listed.stdout.splitlines()


def names(text: str) -> list[str]:
    return [found.lower().replace("_", "-") for found in re.findall(r"^([A-Za-z][\w.-]*)", text, re.M)]


def test_each_list_has_its_pins() -> None:
    assert [path.stem for path in WANTED] == [path.stem for path in PINNED] != []


@pytest.mark.parametrize("path", WANTED, ids=lambda path: path.name)
def test_each_direct_dependency_has_a_reason_and_a_ceiling(path: Path) -> None:
    lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith(("#", "-c "))]
    bare = [line for line in lines if not re.match(r"[\w.-]+(\[[\w,-]+\])?>=[\w.]+,<[\w.]+ +# \S.{10,}", line)]
    assert bare == []
    assert len(set(names("\n".join(lines)))) == len(lines)


@pytest.mark.parametrize("path", PINNED, ids=lambda path: path.name)
def test_each_pin_is_exact_and_hashed_and_names_no_host(path: Path) -> None:
    text = path.read_text("utf-8")
    pins = re.findall(r"^\S.*\n(?:    .*\n?)*", text, re.M)
    pins = [pin for pin in pins if not pin.startswith("#")]
    assert len(pins) >= 5
    for pin in pins:
        assert re.match(r"[a-z0-9.-]+==[\w.]+( ;[^\\]*)? \\\n", pin), pin
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", pin), pin
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|--trusted-host| @ ", text)


@pytest.mark.parametrize("path", PINNED, ids=lambda path: path.name)
def test_each_pin_comes_from_a_direct_dependency(path: Path) -> None:
    """Nothing stays behind that nothing asks for: each pin says what it came by, and each direct dependency is pinned."""
    text = path.read_text("utf-8")
    pins = re.findall(r"^([a-z0-9.-]+)==.*?\n((?:    .*\n?)*)", text, re.M)
    assert [name for name, below in pins if "# via" not in below] == []
    assert set(names(path.with_suffix(".in").read_text("utf-8"))) <= {name for name, _ in pins}


def test_the_lists_agree_on_versions() -> None:
    """All but the audit, which has an environment of its own, are installed into one."""
    seen: dict[str, set[str]] = {}
    for path in PINNED:
        if "audit" not in path.name:
            for name, number in re.findall(r"^([a-z0-9.-]+)==(\S+)(?: \\| ;)", path.read_text("utf-8"), re.M):
                seen.setdefault(name, set()).add(number)
    # A package may have one version for each Python, and then has these in every list.
    assert [name for name, numbers in seen.items() if len(numbers) > 1 and name not in _split(ROOT / "requirements.txt") | _split(ROOT / "requirements-test.txt")] == []


def _split(path: Path) -> set[str]:
    return {name for name, _ in re.findall(r"^([a-z0-9.-]+)==(\S+) ;", path.read_text("utf-8"), re.M)}


def test_npm_packages_are_exact_and_hashed_and_name_no_host() -> None:
    lock = json.loads((ROOT / "tests/package-lock.json").read_text("utf-8"))
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert packages
    assert [name for name, one in packages.items() if not one.get("integrity", "").startswith("sha512-")] == []
    assert [name for name, one in packages.items() if "resolved" in one] == []
    wanted = json.loads((ROOT / "tests/package.json").read_text("utf-8"))
    assert all(re.fullmatch(r"\d+(\.\d+)+", number) for number in wanted["devDependencies"].values())


# --- vendored files --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("one", VENDORED, ids=lambda one: one["name"])
def test_vendored_files_are_what_they_were(one: dict) -> None:
    assert {"name", "version", "origin", "licence", "author", "purpose", "site", "files"} <= one.keys()
    assert one["origin"] in {f"pkg:{place}/{one['name']}@{one['version']}" for place in ("npm", "pypi")}
    for path, expected in one["files"].items():
        assert hashlib.sha256((ROOT / path).read_bytes()).hexdigest() == expected, path
    assert any(path.endswith("/LICENSE") for path in one["files"])


def test_nothing_of_others_stands_here_unnamed() -> None:
    """A folder with a licence of its own holds work of others: each of its files is named, but for our notes on it."""
    named = {path for one in VENDORED for path in one["files"]}
    folders = {str(Path(path).parent) for path in tracked() if re.search(r"(^|/)(LICEN[CS]E|COPYING)\b", path, re.I)} - {"."}
    assert folders == {str(Path(path).parent) for one in VENDORED for path in one["files"]}
    theirs = [path for path in tracked() if str(Path(path).parent) in folders and not path.endswith("README.md")]
    assert sorted(set(theirs) - named) == []
    ours = [path for path in tracked() if path.startswith(("theme/", "tests/vendor/", "microsite/vendored/")) and re.search(r"\.(woff2?|ttf|otf|min\.js|min\.css|wasm)$", path)]
    assert sorted(set(ours) - named) == []


def test_the_licence_file_names_them() -> None:
    told = " ".join((ROOT / "LICENSE").read_text("utf-8").split())
    assert [one["name"] for one in VENDORED if one["name"] not in told] == []


# --- what the site ships ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(site: Path) -> dict:
    return json.loads((site / bill.BILL).read_text("utf-8"))


def test_the_bill_is_valid_cyclonedx(site: Path) -> None:
    found = JsonStrictValidator(SchemaVersion.V1_6).validate_str((site / bill.BILL).read_text("utf-8"))
    assert found is None, found


def test_it_names_what_others_made_with_version_and_licence(made: dict) -> None:
    known = {one["name"]: one for one in made["components"] if one["type"] == "library"}
    assert set(known) == {"iframe-worker", "lunr", "lunr-languages", "mkdocs-material", "world-atlas"}
    assert known["mkdocs-material"]["version"] == version("mkdocs-material")
    assert known["lunr"]["version"] == "2.3.9"
    assert {name: one["licenses"][0]["license"]["id"] for name, one in known.items()} == {
        "iframe-worker": "MIT", "lunr": "MIT", "lunr-languages": "MPL-1.1", "mkdocs-material": "MIT", "world-atlas": "ISC",
    }  # fmt: skip
    assert made["metadata"]["component"]["name"] == "Working Together"


def test_every_script_and_style_stands_in_it_as_it_is(site: Path, made: dict) -> None:
    listed = {one["name"]: one["hashes"][0]["content"] for part in (made, *made["components"]) for one in part.get("components", ()) if one["type"] == "file"}
    there = {path.relative_to(site).as_posix(): path for path in site.rglob("assets/**/*") if path.suffix in (".js", ".css", ".woff", ".woff2", ".wasm")}
    assert set(listed) == set(there)
    assert listed == {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in there.items()}


def test_a_script_that_nobody_accounts_for_ends_the_build() -> None:
    for path in ("assets/javascripts/jquery.min.js", "it/assets/javascripts/vendor/x.0123456789abcdef.js", "assets/stylesheets/theirs.css"):
        with pytest.raises(FinishError, match="nobody says whose it is"):
            bill.owner(path)
    assert bill.owner("it/assets/javascripts/quiz.0123456789abcdef.js") == "Working Together"


def test_it_is_for_those_who_ask_and_in_nobodys_way(site: Path) -> None:
    """Neither kept on a device nor packed: it is read by programs, from the published site."""
    assert bill.BILL not in (site / "sw.js").read_text("utf-8")
    assert f"/{bill.BILL}" in (site / "_headers").read_text("utf-8")
