"""How long it takes to make what is made from the data, also with ten times of them; what a page takes, beside plain Material and Furo; how long
the build takes, beside plain Material and Zensical, also when there are ten and a hundred times as many pages.

`python benchmarks/run.py` measures everything in one run, one thing after the other, and writes `benchmarks/results.md`. The project is
copied aside, so nothing of it changes. It takes an hour and a half on a machine that does nothing else, as it must, and half an hour without what
is a hundred times as large (`--times 1 10`), which wants 10 GB of memory. `--only build`, `--only pages` or `--only scale` measures one part again, and leaves what `results.md` says of
the others. Furo is installed into `.cache/furo`; without a network it is left out.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import html5lib

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks"), str(ROOT / "tests")]

import pages  # noqa: E402
import scale  # noqa: E402
from copies import plain, project, run  # noqa: E402
from test_headers import TEMPLATES  # noqa: E402
from test_weight import BUDGET, REQUESTS, budget  # noqa: E402

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
edition.citations; lap("citations")
export.files(facts); lap("exports")
# The build runs the macros twice: once to learn which page uses what, once for the page.
for src in edition.usage: edition.render(src)
lap("macros")
linked.pages(edition, settings()["nav"]); lap("statements")
print(json.dumps(took))
"""


# --- a peer ----------------------------------------------------------------------------------------------------------

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


# --- measuring -------------------------------------------------------------------------------------------------------


def data_part(folder: Path, rounds: int) -> dict[str, float]:
    """The median of the rounds for each step of the data part, in seconds, once all is in the cache."""
    laps = [json.loads(run(folder, "-c", DATA_PART)) for _ in range(rounds)]
    return {name: statistics.median(lap[name] for lap in laps) for name in laps[0]}


NO_MARKS = ("404.html", "downloads/print-en.html")
PARTS = {"build": "What is made from the data", "pages": "What a reader waits for", "scale": "What a page costs as data and pages grow"}
RESULTS = ROOT / "benchmarks" / "results.md"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each measurement of the build; the median counts (default: %(default)s)")
    parser.add_argument("--views", type=int, default=5, help="rounds of each slow view; the median counts (default: %(default)s)")
    parser.add_argument("--times", type=int, nargs="+", default=[1, 10, 100], help="the sizes of the last part (default: 1 10 100)")
    parser.add_argument("--only", choices=PARTS, help="measure one part again")
    options = parser.parse_args()
    wanted = [options.only] if options.only else list(PARTS)
    said = kept(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        if {"build", "pages"} & set(wanted):
            once = project(Path(folder) / "once")
        if "build" in wanted:
            said["build"] = "\n".join(of_build(once, project(Path(folder) / "tenfold", TIMES), options.rounds))
            write(said)
        if "pages" in wanted:
            # Only now, as it fills the cache of the project.
            material = plain(Path(folder) / "material", once)
            said["pages"] = "\n".join(of_pages(once, material, Path(folder) / "furo", options.views))
            write(said)
        if "scale" in wanted:
            # The largest size takes longest and may not fit a machine: what is known before it is written already.
            for sizes in scale.measured(Path(folder) / "scale", options.times):
                said["scale"] = "\n".join(scale.told(sizes))
                (ROOT / "benchmarks/scale.svg").write_text(scale.plot(sizes), encoding="utf-8")
                write(said)
    print(RESULTS.read_text(encoding="utf-8"))


def write(said: dict[str, str]) -> None:
    parts = (f"## {title}\n\n{said[part].strip()}" for part, title in PARTS.items() if part in said)
    RESULTS.write_text("\n\n".join([*head(), *parts]) + "\n", encoding="utf-8")


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


def of_build(once: Path, tenfold: Path, rounds: int) -> Iterator[str]:
    cold = {name: json.loads(run(place, "-c", DATA_PART)) for name, place in (("once", once), ("tenfold", tenfold))}
    warm = {name: data_part(place, rounds) for name, place in (("once", once), ("tenfold", tenfold))}
    yield f"Loading and checking the data, and all that is made from it, for the English edition; once as it is and once with {TIMES} times the records."
    yield f"Seconds, the median of {rounds} rounds, with citations, bibliography and drawings in the cache; the last columns are the first run of all, without it."
    yield ""
    yield f"| | 1 × | {TIMES} × | ratio | 1 ×, first run | {TIMES} ×, first run | ratio |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for name in (*warm["once"], "all"):
        values = [sum(table.values()) if name == "all" else table[name] for table in (warm["once"], warm["tenfold"], cold["once"], cold["tenfold"])]
        yield f"| {name} | {values[0]:.2f} | {values[1]:.2f} | {values[1] / values[0]:.1f} | {values[2]:.2f} | {values[3]:.2f} | {values[3] / values[2]:.1f} |"


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
