"""What a reader waits for: bytes and requests of a first view, the largest paint on a slow device and network, and Lighthouse's marks.

Each takes sites that are built already, and a host on this machine that compresses; `run.py` writes down what is found.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import browser as browsers  # noqa: E402
from engines import playwrights  # noqa: E402
from hosting import Host, rules  # noqa: E402

LIGHTHOUSE = ROOT / "tests/node_modules/lighthouse/cli/index.js"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
WANTED = 98
SLOW_DEVICE = 4
"""How many times slower the processor is made."""
SLOW_NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
"""1.6 Mbit/s down, 0.75 up, 150 ms to the host: bytes a second and milliseconds."""
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}
SLOW_PAGES = ("index.html", "tradition/rochdale.html", "principles/co-operation.html", "lessons/l01.html", "figures/how-many-co-operators.html")

TIMES = """() => new Promise(done => {
  const paints = [], long = []
  new PerformanceObserver(list => paints.push(...list.getEntries())).observe({ type: "largest-contentful-paint", buffered: true })
  new PerformanceObserver(list => long.push(...list.getEntries())).observe({ type: "longtask", buffered: true })
  const first = () => performance.getEntriesByName("first-contentful-paint")[0].startTime
  // Two seconds after everything has come nothing is left to do.
  setTimeout(() => done({
    paint: Math.max(...paints.map(paint => paint.startTime)),
    blocked: long.filter(task => task.startTime >= first()).reduce((sum, task) => sum + task.duration - 50, 0),
  }), 2000)
})"""


class Times(NamedTuple):
    """Milliseconds until the largest paint, and those for which long tasks kept a reader waiting after the first."""

    paint: float
    blocked: float


def host(site: Path) -> Host:
    """The site as a host in the world serves it: compressed, with the headers that it asks for, if it does."""
    headers = site / "_headers"
    return Host(site, rules(headers.read_text("utf-8")) if headers.exists() else None, pack=True)


def first_views(sites: Mapping[str, Path], pages: Sequence[str]) -> dict[str, dict[str, tuple[int, int]]]:
    """By site and page: the bytes of all that a first view fetches, headers included, and the number of requests."""
    found: dict[str, dict[str, tuple[int, int]]] = {}
    with playwrights() as browser:
        for name, site in sites.items():
            with host(site) as running:
                found[name] = {page: _first_view(browser, running, page) for page in pages if (site / page).exists()}
    return found


def _first_view(browser: Browser, running: Host, page: str) -> tuple[int, int]:
    context = browser.new_context(**PHONE)
    running.answers.clear()
    tab = context.new_page()
    tab.goto(running.address + page)
    tab.wait_for_load_state("networkidle")
    context.close()
    return sum(answer.size for answer in running.answers), len(running.answers)


def slow_views(sites: Mapping[str, Path], pages: Iterable[str], rounds: int) -> dict[str, dict[str, list[Times]]]:
    """By site and page, the times of each round on a slow device and network; the sites take turns, so that all meet the same disturbances."""
    found: dict[str, dict[str, list[Times]]] = {name: {} for name in sites}
    with ExitStack() as stack:
        browser = stack.enter_context(playwrights())
        running = {name: stack.enter_context(host(site)) for name, site in sites.items()}
        for page in pages:
            for _ in range(rounds):
                for name, one in running.items():
                    found[name].setdefault(page, []).append(_slow_view(browser, one.address + page))
    return found


def _slow_view(browser: Browser, address: str) -> Times:
    context = browser.new_context(**PHONE)
    tab: Page = context.new_page()
    protocol = context.new_cdp_session(tab)
    protocol.send("Network.enable")
    protocol.send("Network.emulateNetworkConditions", SLOW_NETWORK)
    protocol.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_DEVICE})
    tab.goto(address)
    tab.wait_for_load_state("networkidle")
    times = Times(**tab.evaluate(TIMES))
    context.close()
    return times


def marks(site: Path, pages: Iterable[str]) -> dict[str, dict[str, int]]:
    """Lighthouse's marks of pages, of 100, with its settings for phones. Empty where Node.js or Lighthouse is not there."""
    if not LIGHTHOUSE.exists():
        return {}
    with host(site) as running:
        return {page: _settled(running.address + page) for page in pages}


def _settled(address: str) -> dict[str, int]:
    """The marks; where the one for performance, which other programs disturb, is less than wanted, its median of three runs."""
    found = _marks(address)
    if found["performance"] < WANTED:
        found["performance"] = round(statistics.median([found["performance"], *(_marks(address)["performance"] for _ in range(2))]))
    return found


def _marks(address: str) -> dict[str, int]:
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        command = ["node", str(LIGHTHOUSE), address, "--quiet", "--output=json", f"--output-path={result}", f"--only-categories={','.join(CATEGORIES)}"]
        # The sandbox does not work for root, as in a container; the pages are our own.
        command.append("--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-background-networking")
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "CHROME_PATH": browsers.find() or ""})
        said = json.loads(result.read_text("utf-8"))
    missed = [f"{name}: {what}" for name in CATEGORIES for what in _missed(said, name) if name != "performance"]
    if missed:
        print(address, *missed, sep="\n  ", file=sys.stderr)
    return {name: round(100 * said["categories"][name]["score"]) for name in CATEGORIES}


def _missed(said: dict[str, Any], category: str) -> Iterator[str]:
    for reference in said["categories"][category]["auditRefs"]:
        audit = said["audits"][reference["id"]]
        if reference["weight"] and audit["score"] is not None and audit["score"] < 1:
            yield f"{audit['title']} {audit.get('explanation', '')}"


def summary(found: list[Times]) -> tuple[float, float, float, float]:
    """The medians of paint and blocking, and the least and greatest paint, in milliseconds."""
    paints = [times.paint for times in found]
    return statistics.median(paints), statistics.median(times.blocked for times in found), min(paints), max(paints)
