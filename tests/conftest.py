"""What every test may ask for: the site, built once a run, and a real browser."""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, Page

import browser as browsers
import engines
from microsite.build import build

ROOT = Path(__file__).resolve().parent.parent

ENGINE = ("macros.py", "microsite", "theme", "data")
"""All that a build reads, but for pages and settings."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the whole built site. Tests read it; none writes there.

    Where several workers share the tests, the first that asks builds it for all.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with FileLock(folder / "built.lock"):
        if not (folder / "built").exists():
            build(folder / "built")
    return folder / "built"


@pytest.fixture(scope="session")
def english(site: Path) -> Path:
    """The root of the English edition, which holds the Italian one as a folder."""
    return site


@pytest.fixture(scope="session")
def italian(site: Path) -> Path:
    """The root of the Italian edition."""
    return site / "it"


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[str, Element]:
    """Every built page, read as a browser reads it: address below the site -> its `html` element, tags without namespace.

    Files to take along are no pages; tests/test_packs.py reads those.
    """
    return read_pages(site)


def read_pages(folder: Path) -> dict[str, Element]:
    """The same of any folder with a built site."""
    return {
        path.relative_to(folder).as_posix(): html5lib.parse(path.read_bytes(), namespaceHTMLElements=False)
        for path in sorted(folder.rglob("*.html"))
        if "downloads" not in path.relative_to(folder).parts
    }


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project with one page an edition, that a test may break; `run` builds it."""
    copy = tmp_path / "project"
    copy.mkdir()
    for name in ENGINE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    for language, settings in (("en", "mkdocs.yml"), ("it", "mkdocs.it.yml")):
        shared, _, _ = (ROOT / settings).read_text("utf-8").partition("\nnav:\n")
        (copy / settings).write_text(shared + "\nnav:\n  - Home: index.md\n", "utf-8")
        page = copy / "docs" / language / "index.md"
        page.parent.mkdir(parents=True)
        page.write_text("# Home\n\nOne page.\n", "utf-8")
    return copy


def run(project: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a Python module with arguments in a copy of the project, as a user would; `stdout` holds all that it said."""
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "200"},
    )


def needed(found: object, what: str) -> None:
    """Skip the test if what it needs is not there, or fail it where `BROWSER_REQUIRED` is set."""
    if not found:
        message = f"no {what} found; `make test` installs it where it may"
        pytest.fail(message) if os.environ.get("BROWSER_REQUIRED") else pytest.skip(message)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium. Without one the test is skipped, or fails where `BROWSER_REQUIRED` is set."""
    needed(browsers.find(), "Chromium")
    with engines.playwrights() as running:
        yield running


_WAITING = """waiting => {
  const shown = document.querySelector("#search [role=status]").textContent
  const says = document.getElementById("search").dataset
  return shown !== says.wait && (shown === says.ask) === waiting
}"""
"""Whether the search is ready and waits for a word (or has answered, as asked)."""


class Visit:
    """A reader at a page, and what the page did meanwhile that it should not have done."""

    def __init__(self, context: BrowserContext) -> None:
        self.outside: list[str] = []
        """Addresses on other hosts that were asked for."""
        self.complaints: list[str] = []
        """Errors in the console, and scripts that failed."""
        self.page: Page = context.new_page()
        context.route(lambda url: not url.startswith(("file:", "http://127.0.0.1", "data:", "about:")), self._refuse)
        self.page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", self._failed)

    def _failed(self, request) -> None:
        # Who leaves a page before its sign has come stops that; a refused or missing file has other words.
        if request.failure != "net::ERR_ABORTED" or "/favicon." not in request.url:
            self.complaints.append(f"{request.url}: {request.failure}")

    def _refuse(self, route) -> None:
        self.outside.append(route.request.url)
        route.abort()

    def open(self, address: str | Path) -> Page:
        """Open a page, from disk if it is a path."""
        self.page.goto(address.as_uri() if isinstance(address, Path) else address)
        return self.page

    def search(self, words: str) -> list[str]:
        """Type `words` into the search of the open page; return the paths of the pages found, best first."""
        if not self.page.locator("#search").is_visible():
            self.page.locator("#open-search").click()
        # An empty query first: its line under the field says that the index is ready, and that what comes next is the answer to `words`.
        for query, waiting in (("", True), (words, False)):
            self.page.locator("#query").fill(query)
            self.page.wait_for_function(_WAITING, arg=waiting)
        links = self.page.locator("#search .md-search-result__link")
        return [path.split("#")[0] for path in links.evaluate_all("all => all.map(a => a.href)")]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """A function that sends a reader; by default the network is off. Arguments are those of Playwright's `new_context`."""
    contexts: list[BrowserContext] = []

    def send(**options) -> Visit:
        contexts.append(browser.new_context(**{"offline": True, **options}))
        return Visit(contexts[-1])

    yield send
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[str]:
    """The address of the site on a server of this machine, ending in a slash."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=site)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what tests measured, passed or not: each gives a table by `record_property("table", ...)`."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, [])]
    tables = [value for report in reports for name, value in getattr(report, "user_properties", []) if name == "table"]
    if tables:
        terminalreporter.section("Figures")
        for table in tables:
            terminalreporter.write_line(table)
