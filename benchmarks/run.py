"""How long the build takes, beside plain Material on the same pages and with ten times the data; what a page takes, beside plain Material and Furo.

`python benchmarks/run.py` measures everything in one run, one thing after the other, and writes `benchmarks/results.md`. The project is
copied aside, so nothing of it changes. It takes a quarter of an hour on a machine that does nothing else, as it must. `--only build` or `--only pages` measures one part again, and leaves
what `results.md` says of the other. Furo is installed into `.cache/furo`; without a network it is left out.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import html5lib
import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks"), str(ROOT / "tests")]

import pages  # noqa: E402
from test_headers import TEMPLATES  # noqa: E402
from test_weight import BUDGET, REQUESTS, budget  # noqa: E402

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
    theme = {"name": "material", "language": "en", "font": False}
    (folder / "mkdocs.yml").write_text(yaml.safe_dump({**kept, "theme": theme, "plugins": {"search": {}}}, allow_unicode=True), encoding="utf-8")
    return folder


FURO = ("furo==2025.12.19", "sphinx==9.0.4", "myst-parser==5.2.0")


def furo(folder: Path, material: Path) -> Path | None:
    """The same Markdown as pages of Sphinx with the theme Furo, the lightest full-featured peer, built; none where it cannot be installed."""
    python = ROOT / ".cache/furo/bin/python"
    if not (ROOT / ".cache/furo/made").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", ROOT / ".cache/furo"], check=True)
        if subprocess.run([python, "-m", "pip", "install", "-q", *FURO], check=False, capture_output=True).returncode:
            return None
        (ROOT / ".cache/furo/made").touch()
    for path in (material / "docs").rglob("*.md"):
        target = folder / path.relative_to(material / "docs")
        target.parent.mkdir(parents=True, exist_ok=True)
        # Sphinx has another way to write ids and classes, which would stand in the text.
        text = re.sub(r"\A---\n.*?\n---\n", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        target.write_text(re.sub(r"\s*\{ [#.:][^}\n]*\}$", "", text, flags=re.MULTILINE), encoding="utf-8")
    listed = "\n".join(path.relative_to(folder).with_suffix("").as_posix() for path in sorted(folder.rglob("*.md")) if path.name != "index.md")
    with (folder / "index.md").open("a", encoding="utf-8") as index:
        index.write(f"\n\n```{{toctree}}\n:hidden:\n\n{listed}\n```\n")
    (folder / "conf.py").write_text('project = "Working Together"\nextensions = ["myst_parser"]\nhtml_theme = "furo"\n', encoding="utf-8")
    subprocess.run([python, "-m", "sphinx", "-q", "-b", "html", folder, folder / "site"], check=True, stderr=subprocess.DEVNULL)
    return folder / "site"


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


NO_MARKS = ("404.html", "downloads/print-en.html")
PARTS = {"build": "How long the build takes", "pages": "What a reader waits for"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each measurement of the build; the median counts (default: %(default)s)")
    parser.add_argument("--views", type=int, default=5, help="rounds of each slow view; the median counts (default: %(default)s)")
    parser.add_argument("--only", choices=PARTS, help="measure one part again")
    options = parser.parse_args()
    results = ROOT / "benchmarks" / "results.md"
    said = kept(results.read_text(encoding="utf-8")) if results.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        once = project(Path(folder) / "once")
        material = plain(Path(folder) / "material", once)
        if options.only != "pages":
            said["build"] = "\n".join(of_build(once, project(Path(folder) / "tenfold", TIMES), material, options.rounds))
        if options.only != "build":
            said["pages"] = "\n".join(of_pages(once, material, Path(folder) / "furo", options.views))
    whole = "\n\n".join([*head(), *(f"## {title}\n\n{said[part].strip()}" for part, title in PARTS.items() if part in said)]) + "\n"
    results.write_text(whole, encoding="utf-8")
    print(whole)


def kept(written: str) -> dict[str, str]:
    """What was written of each part."""
    found = re.split(r"^## (.*)$", written, flags=re.MULTILINE)
    titles = {title: part for part, title in PARTS.items()}
    return {titles[title]: text.strip() for title, text in zip(found[1::2], found[2::2], strict=True) if title in titles}


def head() -> Iterator[str]:
    yield "# Benchmarks"
    yield (
        "Written by `python benchmarks/run.py`; do not edit. Each part in one run, one thing after the other.\n"
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}, MkDocs {version('mkdocs')}, "
        f"Material {version('mkdocs-material')}."
    )


def of_build(once: Path, tenfold: Path, material: Path, rounds: int) -> Iterator[str]:
    cold = {name: json.loads(run(place, "-c", DATA_PART)) for name, place in (("once", once), ("tenfold", tenfold))}
    warm = {name: data_part(place, rounds) for name, place in (("once", once), ("tenfold", tenfold))}
    took = {
        "plain": seconds(material, "-m", "mkdocs", "build", "-q", rounds=rounds),
        "ours": seconds(once, "-m", "mkdocs", "build", rounds=rounds),
        "both": seconds(once, "-m", "microsite", "build", rounds=rounds),
        "tenfold": seconds(tenfold, "-m", "mkdocs", "build", rounds=1),
    }
    yield f"Median of {rounds} rounds (ten times the data: built once)."
    yield ""
    yield "### The data part"
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
    yield "### The whole"
    yield ""
    yield "| | seconds |"
    yield "|---|--:|"
    yield f"| plain Material, the English pages as Markdown without macros | {took['plain']:.1f} |"
    yield f"| this project, English edition | {took['ours']:.1f} |"
    yield f"| this project, both editions and all files for others | {took['both']:.1f} |"
    yield f"| this project, English edition, {TIMES} times the data | {took['tenfold']:.1f} |"


def of_pages(once: Path, material: Path, folder: Path, rounds: int) -> Iterator[str]:
    run(once, "-m", "microsite", "build")
    run(material, "-m", "mkdocs", "build", "-q")
    sites = {"this project": once / "site", "plain Material": material / "site", "Furo": furo(folder, material)}
    built = {name: site for name, site in sites.items() if site}
    html = (path.relative_to(material / "site").as_posix() for path in sorted((material / "site").rglob("*.html")))
    names = [name for name in html if name != "404.html" and (once / "site" / name).exists()]
    yield "The English pages, and the same pages as Markdown in plain Material (no font from elsewhere) and in Furo, over a host on this machine"
    yield f"that compresses with gzip; in Chromium, with nothing kept from before. Furo {FURO[0].partition('==')[2]}, Sphinx {FURO[1].partition('==')[2]}."
    yield ""
    yield "### The first view"
    yield ""
    yield "All files together with their headers, in kB (1,000 bytes), and the number of requests. A page of prose may take"
    yield f"{BUDGET / 1000:.0f} kB and {REQUESTS} requests; pages with drawings in them and lists made from data have budgets of their own in `tests/test_weight.py`."
    yield ""
    views = pages.first_views(built, names)
    prose = [name for name in names if budget(name, html5lib.parse((once / "site" / name).read_bytes(), namespaceHTMLElements=False)) == BUDGET]
    yield "| | " + " | ".join(f"{name} | requests" for name in built) + " |"
    yield "|---|" + "--:|" * 2 * len(built)
    for label, chosen, of in (
        (f"prose, median of {len(prose)} pages", prose, statistics.median), ("prose, heaviest", prose, max),
        (f"all {len(names)} pages, median", names, statistics.median), ("all, heaviest", names, max),
    ):  # fmt: skip
        yield f"| {label} | " + " | ".join(cells(views[name], chosen, of) for name in built) + " |"
    for page in sorted(prose, key=lambda page: -views["this project"][page][0])[:5]:
        yield f"| {page} | " + " | ".join(cells(views[name], [page], max) for name in built) + " |"
    yield ""
    yield "### A slow device and network"
    yield ""
    yield f"Processor {pages.SLOW_DEVICE} times slower, 1.6 Mbit/s, 150 ms to the host; milliseconds until the largest paint and of blocking after the first, median of"
    yield f"{rounds} (in brackets the least and the greatest). Wanted: a paint of at most 0.65 times plain Material’s, at most 20 ms of blocking."
    yield ""
    slow = pages.slow_views({name: built[name] for name in ("this project", "plain Material")}, pages.SLOW_PAGES, rounds)
    yield "| | paint | blocking | plain Material: paint | blocking | ratio of paints |"
    yield "|---|--:|--:|--:|--:|--:|"
    for page in pages.SLOW_PAGES:
        ours, theirs = (pages.summary(slow[name][page]) for name in slow)
        shown = (f"{paint:,.0f} ({low:,.0f}–{high:,.0f}) | {blocked:,.0f}" for paint, blocked, low, high in (ours, theirs))
        yield f"| {page} | " + " | ".join(shown) + f" | {ours[0] / theirs[0]:.2f} |"
    yield ""
    yield "### Lighthouse"
    yield ""
    templates = [page for page in TEMPLATES if page not in NO_MARKS]
    found = pages.marks(once / "site", templates)
    if not found:
        yield "Not there: `make test` installs it where there is npm."
        return
    yield "Marks of 100 with its settings for phones (simulated slow network), for a page of each template. Wanted: 100, and 98 or more for performance;"
    yield "where it is less, the median of three runs."
    yield "The page for wrong addresses is left out, which asks search engines not to list it, and the page to print."
    yield ""
    yield "| | " + " | ".join(pages.CATEGORIES) + " |"
    yield "|---|" + "--:|" * len(pages.CATEGORIES)
    for page, values in found.items():
        yield f"| {page} | " + " | ".join(str(values[name]) for name in pages.CATEGORIES) + " |"


def cells(views: dict[str, tuple[int, int]], chosen: list[str], of: Callable[[list[int]], float]) -> str:
    """Of some pages the median or greatest weight in kB, and the number of requests; a dash for pages that are not there."""
    there = [views[page] for page in chosen if page in views]
    if not there:
        return "– | –"
    return f"{of([size for size, _ in there]) / 1000:,.0f} | {of([count for _, count in there]):.0f}"


if __name__ == "__main__":
    main()
