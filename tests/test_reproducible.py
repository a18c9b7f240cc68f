"""One commit gives one site: whoever builds it, wherever, whenever, in whatever language their machine speaks, gets the same bytes."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest
from conftest import ROOT

READ = ("macros.py", "microsite", "theme", "data", "docs", "mkdocs*.yml", "requirements*", "tests/vendor")
"""All that a build reads, as patterns."""

ELSEWHEN = '''
"""Another day, and folders that list their files the other way round."""
import os, time

_time, _local, _utc, _list, _scan = time.time, time.localtime, time.gmtime, os.listdir, os.scandir
time.time = lambda: _time() + 400 * 86400
time.localtime = lambda seconds=None: _local(time.time() if seconds is None else seconds)
time.gmtime = lambda seconds=None: _utc(time.time() if seconds is None else seconds)
os.listdir = lambda *path: sorted(_list(*path), reverse=True)


class _Scan:
    def __init__(self, *path):
        with _scan(*path) as found:
            self._found = iter(sorted(found, key=lambda entry: entry.name, reverse=True))

    def __iter__(self):
        return self._found

    def __next__(self):
        return next(self._found)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def close(self):
        pass


os.scandir = _Scan
'''


def committed(folder: Path) -> None:
    """Put the project as it stands, without what builds left behind, into a folder."""
    folder.mkdir(parents=True)
    for path in (found for pattern in READ for found in ROOT.glob(pattern)):
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, target, ignore=shutil.ignore_patterns("__pycache__"), copy_function=shutil.copyfile)
        else:
            shutil.copyfile(path, target)


def build(folder: Path, umask: str, environment: Mapping[str, str]) -> dict[str, bytes]:
    """Build the project in a folder, as if on a machine with that environment; give every file of the site."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "TZ", "PYTHON", "SOURCE_DATE"))}
    done = subprocess.run(
        ["sh", "-c", f'umask {umask} && exec "$0" -m microsite build', sys.executable],
        cwd=folder, env={**clean, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    site = folder / "site"
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The site built twice from nothing: the days in the two time zones are never the same."""
    there = tmp_path_factory.mktemp("same")
    first, second = there / "a", there / "another folder" / "with a rather longer name" / "b"
    committed(first)
    committed(second)
    for path in second.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    elsewhen = there / "elsewhen"
    elsewhen.mkdir()
    (elsewhen / "sitecustomize.py").write_text(ELSEWHEN, "utf-8")
    return (
        build(first, "022", {"TZ": "Etc/GMT+12", "LC_ALL": "C.UTF-8", "LANG": "en_GB.UTF-8", "PYTHONHASHSEED": "1"}),
        build(second, "077", {
            "TZ": "Pacific/Kiritimati", "LC_ALL": "POSIX", "LANG": "it_IT", "PYTHONHASHSEED": "4242", "SOURCE_DATE_EPOCH": "1600000000",
            "PYTHONPATH": str(elsewhen),
        }),
    )  # fmt: skip


def differences(one: Mapping[str, bytes], other: Mapping[str, bytes], where: str = "") -> list[str]:
    """The files that differ, those within archives too: what a maintainer has to look at."""
    found = [f"{where}{path}: in one only" for path in sorted(one.keys() ^ other.keys())]
    for path in sorted(one.keys() & other.keys()):
        a, b = one[path], other[path]
        if a == b or path.endswith(".sha256"):
            continue
        inside = differences(_inside(a), _inside(b), f"{where}{path}/") if zipfile.is_zipfile(BytesIO(a)) else []
        at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
        found += inside or [f"{where}{path}: {a[max(0, at - 40) : at + 40]!r} or {b[max(0, at - 40) : at + 40]!r}"]
    return found


def _inside(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(archive)) as read:
        return {info.filename: read.read(info) for info in read.infolist() if not info.is_dir()}


def test_two_builds_give_the_same_bytes(both: tuple[dict[str, bytes], dict[str, bytes]]) -> None:
    one, other = both
    assert differences(one, other) == []
    assert one == other


def test_the_downloads_are_among_them(both: tuple[dict[str, bytes], dict[str, bytes]]) -> None:
    endings = {path.rpartition(".")[2] for path in both[0]}
    assert {"zip", "epub", "csv", "json", "bib", "ris", "svg", "png", "js", "gz", "sha256", "webmanifest"} <= endings


def test_no_file_knows_where_or_by_whom_it_was_made(both: tuple[dict[str, bytes], dict[str, bytes]], tmp_path_factory: pytest.TempPathFactory) -> None:
    home = str(tmp_path_factory.getbasetemp()).encode()
    telling = [path for path, content in both[0].items() if home in content or str(ROOT).encode() in content]
    assert telling == []


def test_the_map_of_the_site_has_the_day_of_its_last_change(site: Path) -> None:
    text = (site / "sitemap.xml").read_text("utf-8")
    (day,) = set(re.findall(r"<lastmod>(.*?)</lastmod>", text))
    assert day.replace("-", ".") in {re.sub(r".*-|\.zip", "", path.name) for path in (site / "downloads").glob("coop-site-*.zip")}
    assert gzip.decompress((site / "sitemap.xml.gz").read_bytes()).decode() == text


def test_a_difference_is_seen_and_named() -> None:
    def zipped(content: str) -> bytes:
        made = BytesIO()
        with zipfile.ZipFile(made, "w") as out:
            out.writestr(zipfile.ZipInfo("inside.txt"), content)
        return made.getvalue()

    one, other = {"a.zip": zipped("x"), "b": b"same", "c": b"1"}, {"a.zip": zipped("y"), "b": b"same"}
    assert [found.partition(":")[0] for found in differences(one, other)] == ["c", "a.zip/inside.txt"]
    assert hashlib.sha256(zipped("x")).digest() == hashlib.sha256(zipped("x")).digest()
