"""What a page costs at 1, 10 and 100 times today's data and pages: seconds, memory and bytes, beside plain Material, Zensical and plain HTML.

Every build runs alone, in a process of its own. `run.py` writes down what is found, and the plot.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import markdown
import vl_convert
import yaml

from copies import plain, project, run

OURS, BOTH, WHOLE = "this project, English pages", "this project, pages of both editions", "this project, both editions and all files for others"
MATERIAL, PRUNED = "plain Material", "plain Material, menu pruned"
BOTH_MATERIAL, AT_ONCE = "plain Material, both editions", "plain Material, both editions at once"
ZENSICAL, BARE = "Zensical", "Zensical, menu pruned, without search"
HTML = "plain HTML"
FULL_MENU = 1000
"""From so many pages on a menu that names every page on every page, as Material's and Zensical's do, fills gigabytes: it is left out."""
LONG = 240
"""A cold build that takes so many seconds is not made a second time, warm or changed."""
CHANGED = "docs/{}tradition/rochdale.md"

_PAGES = """
import shutil, sys
from pathlib import Path
sys.path.insert(0, ".")
from microsite import build, export
from microsite.export import downloads
export.files = downloads.write = lambda *_: {}
site = Path("site").resolve()
shutil.rmtree(site, ignore_errors=True)
site.mkdir()
build.ENGINES["mkdocs"]("en")(site) if sys.argv[1:] else build.editions(site)
"""
"""Our pages alone, of the first edition or of all, as the build makes them: no files for others, and none of the last steps."""
_AT_ONCE = """
import subprocess, sys
started = [subprocess.Popen([sys.executable, "-m", "mkdocs", "build", "-q"], cwd=folder) for folder in sys.argv[1:]]
sys.exit(any([one.wait() for one in started]))
"""
_LOAD = """
import sys, time
sys.path.insert(0, ".")
from microsite.load import load
started = time.process_time()
load()
print(time.process_time() - started)
"""
_MEASURE = """
import json, resource, subprocess, sys, time
started = time.perf_counter()
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
took = time.perf_counter() - started
used = resource.getrusage(resource.RUSAGE_CHILDREN)
if done.returncode:
    sys.exit(done.stdout + done.stderr)
print(json.dumps([took, used.ru_utime + used.ru_stime, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)]))
"""
"""A small process of its own around the build: its memory would count as that of what it starts."""


class Cost(NamedTuple):
    """What a build took: seconds by the clock, seconds of the processors, bytes of memory of its largest process at its peak."""

    seconds: float
    processor: float
    memory: int


class Bytes(NamedTuple):
    """The size of built pages, as HTML: all together, of the median page, of the largest; and of the whole site."""

    pages: int
    median: float
    largest: int
    site: int | None


@dataclass
class Size:
    """What was measured at so many times today's data and pages. Costs by builder: cold, then warm and with one page changed if these were made."""

    times: int
    pages: int = 0
    """The pages of one edition."""
    records: int = 0
    loading: Sequence[float] = ()
    """Seconds of a processor for reading and checking the data: for the first time, and again while no file has changed."""
    costs: dict[str, list[Cost]] = field(default_factory=dict)
    bytes: dict[str, Bytes] = field(default_factory=dict)

    def per_page(self, builder: str) -> float:
        """Seconds of a processor for each page of a cold build of one edition."""
        return self.costs[builder][0].processor / self.pages


# --- measuring -------------------------------------------------------------------------------------------------------


def measured(folder: Path, times: Sequence[int]) -> Iterator[list[Size]]:
    """Each size in turn; all that is known so far, whenever there is more."""
    sizes: list[Size] = []
    for number in times:
        sizes.append(Size(number))
        place = folder / str(number)
        for _ in _measure(place, sizes[-1]):
            yield sizes
        shutil.rmtree(place)


def _measure(folder: Path, size: Size) -> Iterator[None]:
    own = project(folder / "own", size.times, size.times)
    size.records = sum(path.read_text(encoding="utf-8").count("\n- id: ") + 1 for path in (own / "data").glob("*.yml"))
    names = [path.relative_to(own / "docs/en").with_suffix(".html").as_posix() for path in (own / "docs/en").rglob("*.md")]
    names = [name for name in names if not name.startswith("lessons/materials/")]
    size.pages = len(names)
    size.loading = [float(run(own, "-c", _LOAD)) for _ in ("cold", "warm")]
    size.costs[OURS] = _costs(own, "-c", _PAGES, "first", page=CHANGED.format("en/"))
    size.bytes[OURS] = _bytes(own / "site", names)
    yield
    if size.times == 1:
        size.costs[BOTH] = _costs(own, "-c", _PAGES, page=CHANGED.format("en/"))
        size.costs[WHOLE] = _costs(own, "-m", "microsite", "build", page=CHANGED.format("en/"))
        size.bytes[WHOLE] = _bytes(own / "site", names)
        yield
    shutil.rmtree(own / "site")
    full = size.pages < FULL_MENU
    features = {"features": ["navigation.prune"]}
    material = plain(folder / "material", own, **({} if full else features))
    if size.times == 1:
        other = plain(folder / "other", own, "it")
        italian = _costs(other, "-m", "mkdocs", "build", "-q", page=CHANGED.format(""))
    shutil.rmtree(own)
    builders: dict[str, tuple[str, Mapping[str, Any], bool]] = {MATERIAL: ("mkdocs", {}, full), PRUNED: ("mkdocs", {"theme": features}, True)}
    builders |= {ZENSICAL: ("zensical", {}, size.times == 1), BARE: ("zensical", {"theme": features, "plugins": {"search": {"enabled": False}}}, True)}
    kept = yaml.safe_load((material / "mkdocs.yml").read_text(encoding="utf-8"))
    for name, (engine, changes, wanted) in builders.items():
        if wanted:
            changed = {**kept, **changes, "theme": {**kept["theme"], **changes.get("theme", {})}}
            (material / "mkdocs.yml").write_text(yaml.safe_dump(changed, allow_unicode=True), encoding="utf-8")
            size.costs[name] = _costs(material, "-m", engine, "build", *(["-q"] if engine == "mkdocs" else []), page=CHANGED.format(""))
            size.bytes[name] = _bytes(material / "site", names)
            yield
    if size.times == 1:
        size.costs[BOTH_MATERIAL] = [
            Cost(one.seconds + two.seconds, one.processor + two.processor, max(one.memory, two.memory))
            for one, two in zip(size.costs[MATERIAL], italian, strict=True)
        ]
        (material / "mkdocs.yml").write_text(yaml.safe_dump(kept, allow_unicode=True), encoding="utf-8")
        size.costs[AT_ONCE] = [_cost(material, "-c", _AT_ONCE, str(material), str(other)) for _ in size.costs[BOTH_MATERIAL]]
        yield
    size.bytes[HTML] = _as_html(material)
    yield


def _costs(folder: Path, *arguments: str, page: str) -> list[Cost]:
    """A cold build, with nothing kept from before; then a warm one and one with a page changed, unless the first was long."""
    for kept in (".cache", "site"):
        shutil.rmtree(folder / kept, ignore_errors=True)
    costs = [_cost(folder, *arguments)]
    if costs[0].seconds < LONG:
        costs.append(_cost(folder, *arguments))
        with (folder / page).open("a", encoding="utf-8") as changed:
            changed.write("\nOne more sentence.\n")
        costs.append(_cost(folder, *arguments))
    return costs


def _cost(folder: Path, *arguments: str) -> Cost:
    return Cost(*json.loads(run(folder, "-c", _MEASURE, sys.executable, *arguments)))


def _bytes(site: Path, names: Sequence[str]) -> Bytes:
    pages = [(site / name).stat().st_size for name in names]
    return Bytes(sum(pages), statistics.median(pages), max(pages), sum(path.stat().st_size for path in site.rglob("*") if path.is_file()))


def _as_html(material: Path) -> Bytes:
    """The size of the same pages made by Python-Markdown, each in a bare document."""
    settings = yaml.safe_load((material / "mkdocs.yml").read_text(encoding="utf-8"))["markdown_extensions"]
    converter = markdown.Markdown(extensions=list(settings), extension_configs={name: values or {} for name, values in settings.items()})
    frame = len('<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title></title>\n</html>\n')
    pages = []
    for path in sorted((material / "docs").rglob("*.md")):
        pages.append(frame + len(converter.reset().convert(path.read_text(encoding="utf-8")).encode("utf-8")))
    return Bytes(sum(pages), statistics.median(pages), max(pages), None)


# --- telling ---------------------------------------------------------------------------------------------------------


def told(sizes: Sequence[Size]) -> Iterator[str]:
    """The results in Markdown."""
    yield "Today's data and pages, and copies of both: each copy of a page names the copied records, and the menu has them all. A list of all records of a kind"
    yield "stands once, as it does in the project, and grows with the data. The others build the same pages as Markdown, after our macros."
    yield "“Pages” are those of MkDocs with our macros, templates and search, as the build makes them: both editions side by side, in a process each."
    yield "Open data, packs, e-book and copies for offline use are in “all files for others”, with every check before and after."
    yield "Cold: nothing kept from before. Warm: again, all kept. Changed: again, after one page was. MkDocs builds every page each time, so the last two differ little."
    yield "Seconds by the clock; in brackets those of the processors, which other programs disturb less. Memory: of the largest process at its peak."
    yield f"One round each. Zensical {version('zensical')}. Python-Markdown {version('markdown')} makes the plain HTML, each page in a bare document."
    yield ""
    yield "![Seconds of a processor for each page, by the number of pages](scale.svg)"
    for size in sizes:
        yield ""
        yield f"### {size.times} ×: {size.pages:,} pages, {size.records:,} records"
        yield ""
        yield "| | cold | warm | changed | ms per page, cold | memory, MB | kB of HTML per page | median page | largest | whole site, MB |"
        yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
        for builder in dict.fromkeys((*size.costs, *size.bytes)):
            yield f"| {builder} | " + " | ".join((*_cost_cells(size, builder), *_byte_cells(size, builder))) + " |"
    yield ""
    yield "### Does the cost per page stay flat?"
    yield ""
    yield "Milliseconds of a processor for each page of a cold build, and the data of all pages: reading and checking them, and their share of the whole."
    yield ""
    done = [size for size in sizes if OURS in size.costs]
    yield "| | " + " | ".join(f"{size.times} ×" for size in done) + " |"
    yield "|---|" + "--:|" * len(done)
    for builder in (OURS, MATERIAL, PRUNED, ZENSICAL, BARE):
        yield f"| {builder} | " + " | ".join(f"{1000 * size.per_page(builder):.0f}" if builder in size.costs else "–" for size in done) + " |"
    yield "| kB of HTML per page, this project | " + " | ".join(f"{size.bytes[OURS].pages / size.pages / 1000:.0f}" for size in done) + " |"
    yield "| MB of memory, this project | " + " | ".join(f"{size.costs[OURS][0].memory / 1e6:,.0f}" for size in done) + " |"
    for index, state in enumerate(("cold", "warm")):
        yield f"| loading the data, {state}, seconds | " + " | ".join(f"{size.loading[index]:.1f}" for size in done) + " |"
        for builder, what in ((OURS, "English pages"), (BOTH, "pages of both editions"), (WHOLE, "whole site")):
            shares = (
                f"{size.loading[index] / size.costs[builder][index].processor:.1%}" if index < len(size.costs.get(builder, ())) else "–" for size in done
            )
            yield f"| its share of the {state} build of the {what} | " + " | ".join(shares) + " |"
    yield ""
    yield from _findings(sizes)


def _cost_cells(size: Size, builder: str) -> Iterator[str]:
    costs = size.costs.get(builder, [])
    for index in range(3):
        yield f"{costs[index].seconds:,.1f} ({costs[index].processor:,.1f})" if index < len(costs) else "–"
    pages = size.pages * (2 if builder in (BOTH, WHOLE, BOTH_MATERIAL, AT_ONCE) else 1)
    yield f"{1000 * costs[0].processor / pages:.0f}" if costs else "–"
    yield f"{max(cost.memory for cost in costs) / 1e6:,.0f}" if costs else "–"


def _byte_cells(size: Size, builder: str) -> Iterator[str]:
    found = size.bytes.get(builder)
    if not found:
        yield from "––––"
        return
    yield from (f"{number / 1000:,.0f}" for number in (found.pages / size.pages, found.median, found.largest))
    yield f"{found.site / 1e6:,.1f}" if found.site is not None else "–"


def _findings(sizes: Sequence[Size]) -> Iterator[str]:
    """What the figures say, and why what is not flat is not."""
    first = sizes[0]
    if AT_ONCE in first.costs:
        for index, state in enumerate(("cold", "warm")):
            pages, whole, theirs, at_once = (first.costs[name][index] for name in (BOTH, WHOLE, BOTH_MATERIAL, AT_ONCE))
            yield f"- Both editions, {state}, beside plain Material on the same Markdown: by the clock {pages.seconds / theirs.seconds:.2f} times what its two builds take"
            yield f"  one after the other, {pages.seconds / at_once.seconds:.2f} times when somebody starts both at once; of the processors {pages.processor / theirs.processor:.2f} times."
            yield f"  With all files for others: {whole.seconds / theirs.seconds:.2f} times by the clock, {whole.processor / theirs.processor:.2f} times of the processors."
        yield "  Wanted: at most 1.5 times, cold. What a cold build has besides are citations (pandoc) and drawings (vl-convert), which are kept."
    last = [size for size in sizes if OURS in size.costs][-1]
    if last is not first:
        cold = last.per_page(OURS) / first.per_page(OURS)
        yield f"- At {last.times // first.times} times the data and pages, a page of this project costs {cold:.2f} times as much in a cold build."
        yield "- Wanted of the data: at most 5 % of a build. A build of both editions loads them once for both."
        yield "- Memory grows with the site, though less than in step: all records, and all pages as the macros left them, are held at once."
        yield "- The largest pages grow with the data, as each is one list of all records of a kind: the median page does not."
        yield "- Plain Material and Zensical write every page of the menu on every page, so their pages grow with the site; “menu pruned” is their own remedy."
        yield "  Ours names the sections, and the pages of the one where the reader is."
        yield "- From 10 times on, Zensical's own search ends the build: it takes no section of more than 65,536 words, and the list of cases is one."


# --- the plot --------------------------------------------------------------------------------------------------------

COLOURS = {OURS: "#0b5fa5", MATERIAL: "#b3470f", PRUNED: "#e0a070", ZENSICAL: "#3d7a2d", BARE: "#8fbf7f"}


def plot(sizes: Sequence[Size]) -> str:
    """Seconds of a processor for each page of a cold build, by the number of pages, as SVG; both axes are logarithmic."""
    rows = [{"builder": name, "pages": size.pages, "cost": 1000 * size.per_page(name)} for size in sizes for name in COLOURS if name in size.costs]
    there = [name for name in COLOURS if any(row["builder"] == name for row in rows)]
    ticks = {"type": "log", "nice": True}
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 520, "height": 300, "padding": 12, "background": "white",
        "title": {"text": "What a page costs in a cold build", "anchor": "start"},
        "data": {"values": rows},
        "mark": {"type": "line", "point": {"size": 60}, "strokeWidth": 2},
        "encoding": {
            "x": {"field": "pages", "type": "quantitative", "scale": ticks, "title": "pages", "axis": {"values": sorted({row["pages"] for row in rows}), "format": ",d"}},
            "y": {
                "field": "cost", "type": "quantitative", "scale": {"type": "log", "domain": [5, 2000]}, "title": "milliseconds of a processor per page",
                "axis": {"values": [5, 10, 20, 50, 100, 200, 500, 1000, 2000], "format": ",d"},
            },
            "color": {
                "field": "builder", "type": "nominal", "scale": {"domain": there, "range": [COLOURS[name] for name in there]},
                "legend": {"orient": "bottom", "columns": 2, "title": None, "labelLimit": 300},
            },
        },
    }  # fmt: skip
    return vl_convert.vegalite_to_svg(json.dumps(spec))
