"""How long the build takes and how heavy its pages are, beside plain Material on the same pages, and with ten times the data.

`python benchmarks/run.py` measures everything in one run, one thing after the other, and writes `benchmarks/results.md`. The project is
copied aside, so nothing of it changes. It takes a few minutes.
"""

from __future__ import annotations

import argparse
import copy
import gzip
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from microsite.load import load, references  # noqa: E402
from microsite.model import KINDS  # noqa: E402

COPIED = ("macros.py", "microsite", "theme", "data", "docs", "mkdocs.yml", "mkdocs.it.yml")
MULTIPLIED = (
    "sources", "countries", "figures", "quotations", "events", "people", "organisations", "exchanges", "cases", "findings", "glossary",
    "misconceptions", "changes",
)  # fmt: skip
"""The kinds of which there can be more: there are seven principles, ten values, and so on."""
TIMES = 10

DATA_PART = """
import json, sys, time
sys.path.insert(0, ".")
started = time.perf_counter()
took = {}
def lap(name):
    global started
    now = time.perf_counter()
    took[name] = now - started
    started = now
import macros
from microsite import export
from microsite.edition import Edition
from microsite.export import linked
from microsite.load import load
from microsite.settings import settings
started = time.perf_counter()
facts = load(); lap("load")
edition = Edition("en"); edition.bind(macros.WORDS)
edition.citations, edition.series_citations; lap("citations")
export.files(facts); lap("exports")
# The build runs the macros twice: once to learn which page uses what, once for the page.
for src in edition.usage: edition.render(src)
lap("macros")
linked.pages(edition, settings()["nav"]); lap("statements")
print(json.dumps(took))
"""


# --- the copies that are measured ------------------------------------------------------------------------------------


def project(folder: Path, times: int = 1) -> Path:
    """A copy of the project with so many times the data."""
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
        dumped = yaml.dump(records, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), allow_unicode=True, sort_keys=False, width=1000)
        path.write_text(dumped, encoding="utf-8")
    return folder


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
    return made


def plain(folder: Path, own: Path) -> Path:
    """The English pages as they are after our macros, for Material as it comes: its own search, no macros, no theme of ours."""
    settings = yaml.safe_load((own / "mkdocs.yml").read_text(encoding="utf-8"))
    run(own, "-c", _RENDER, str(folder / "docs"))
    kept = {key: settings[key] for key in ("site_name", "site_url", "use_directory_urls", "markdown_extensions", "nav")}
    theme = {"name": "material", "language": "en", "font": False, "features": settings["theme"]["features"]}
    plugins = {"offline": {}, "search": {}}
    (folder / "mkdocs.yml").write_text(yaml.safe_dump({**kept, "theme": theme, "plugins": plugins}, allow_unicode=True), encoding="utf-8")
    return folder


_RENDER = """
import sys
from pathlib import Path
sys.path.insert(0, ".")
import macros
from microsite.edition import Edition
edition = Edition("en"); edition.bind(macros.WORDS)
for src in edition.usage:
    target = Path(sys.argv[1]) / src
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(edition.render(src), encoding="utf-8")
"""


# --- measuring -------------------------------------------------------------------------------------------------------


def run(folder: Path, *arguments: str) -> str:
    result = subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"}
    )
    if result.returncode:
        raise SystemExit(f"{' '.join(arguments)[:80]} failed in {folder}:\n{result.stdout}{result.stderr}")
    return result.stdout


def seconds(folder: Path, *arguments: str, rounds: int) -> float:
    """The median of the rounds, in seconds."""
    took = []
    for _ in range(rounds):
        started = time.perf_counter()
        run(folder, *arguments)
        took.append(time.perf_counter() - started)
    return statistics.median(took)


def data_part(folder: Path, rounds: int) -> dict[str, float]:
    """The median of the rounds for each step of the data part, in seconds, once all is in the cache."""
    laps = [json.loads(run(folder, "-c", DATA_PART)) for _ in range(rounds)]
    return {name: statistics.median(lap[name] for lap in laps) for name in laps[0]}


def weights(site: Path) -> Iterator[tuple[str, int, int]]:
    """Each English page with its size and its size compressed, in bytes."""
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        if not name.startswith("it/") and name != "404.html":
            content = path.read_bytes()
            yield name, len(content), len(gzip.compress(content, 6))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each measurement; the median counts (default: %(default)s)")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        once, tenfold = project(Path(folder) / "once"), project(Path(folder) / "tenfold", TIMES)
        cold = {name: json.loads(run(place, "-c", DATA_PART)) for name, place in (("once", once), ("tenfold", tenfold))}
        warm = {name: data_part(place, rounds) for name, place in (("once", once), ("tenfold", tenfold))}
        material = plain(Path(folder) / "material", once)
        took = {
            "plain": seconds(material, "-m", "mkdocs", "build", "-q", rounds=rounds),
            "ours": seconds(once, "-m", "mkdocs", "build", rounds=rounds),
            "both": seconds(once, "-m", "microsite", "build", rounds=rounds),
            "tenfold": seconds(tenfold, "-m", "mkdocs", "build", rounds=1),
        }
        ours, theirs = ({name: (size, packed) for name, size, packed in weights(place / "site")} for place in (once, material))
    report = "\n".join(written(cold, warm, took, ours, theirs, rounds)) + "\n"
    (ROOT / "benchmarks" / "results.md").write_text(report, encoding="utf-8")
    print(report)


def written(cold: Any, warm: Any, took: Any, ours: Any, theirs: Any, rounds: int) -> Iterator[str]:
    yield "# Benchmarks"
    yield ""
    yield "Written by `python benchmarks/run.py`; do not edit. All in one run, one thing after the other, median of"
    yield f"{rounds} rounds (ten times the data: built once). {platform.system()} {platform.machine()}, {os.cpu_count()} processors,"
    yield f"Python {platform.python_version()}, MkDocs {version('mkdocs')}, Material {version('mkdocs-material')}."
    yield ""
    yield "## The data part of the build"
    yield ""
    yield f"Loading and checking the data, and all that is made from it, for the English edition; once as it is and once with {TIMES} times the records."
    yield "Seconds, with citations, bibliography and drawings in the cache; the last columns are the first run of all, without it."
    yield ""
    yield f"| | 1 × | {TIMES} × | ratio | 1 ×, first run | {TIMES} ×, first run | ratio |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for name in (*warm["once"], "all"):
        values = [sum(table.values()) if name == "all" else table[name] for table in (warm["once"], warm["tenfold"], cold["once"], cold["tenfold"])]
        yield f"| {name} | {values[0]:.2f} | {values[1]:.2f} | {values[1] / values[0]:.1f} | {values[2]:.2f} | {values[3]:.2f} | {values[3] / values[2]:.1f} |"
    yield ""
    yield "## The whole build"
    yield ""
    yield "| | seconds |"
    yield "|---|--:|"
    yield f"| plain Material, the English pages as Markdown without macros | {took['plain']:.1f} |"
    yield f"| this project, English edition | {took['ours']:.1f} |"
    yield f"| this project, both editions and all files for others | {took['both']:.1f} |"
    yield f"| this project, English edition, {TIMES} times the data | {took['tenfold']:.1f} |"
    yield ""
    yield "## The weight of a page"
    yield ""
    yield "HTML of the English pages, in kB (1,000 bytes), as it is and compressed by gzip; styles and scripts are loaded once for all pages."
    yield ""
    yield "| | this project | compressed | plain Material | compressed |"
    yield "|---|--:|--:|--:|--:|"
    both = [name for name in ours if name in theirs]
    for label, of in (("median", statistics.median), ("largest", max), ("all pages", sum)):
        values = [of([table[name][place] for name in both]) / 1000 for table in (ours, theirs) for place in (0, 1)]
        yield f"| {label} | " + " | ".join(f"{value:,.0f}" for value in values) + " |"
    yield ""
    yield "The five heaviest:"
    yield ""
    yield "| | this project | compressed | plain Material | compressed |"
    yield "|---|--:|--:|--:|--:|"
    for name in sorted(both, key=lambda name: -ours[name][1])[:5]:
        yield f"| {name} | " + " | ".join(f"{table[name][place] / 1000:,.0f}" for table in (ours, theirs) for place in (0, 1)) + " |"


if __name__ == "__main__":
    main()
