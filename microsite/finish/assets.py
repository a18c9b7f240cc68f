"""Leaves out what the theme ships and no page uses, makes one small style sheet of ours, and names our styles and scripts by their content.

A page's first view waits for the page and one style sheet only. A file whose name changes with its content may be kept by a browser for good.
"""

from __future__ import annotations

import re
from pathlib import Path

import rcssmin
import rjsmin

from microsite.finish.base import FinishError, digest, editions, serves

STYLES = "assets/stylesheets"
SCRIPTS = "assets/javascripts"
_SHEETS = re.compile(rf'(?:<link rel="stylesheet" href="(?:\.\./)*{STYLES}/[\w.-]+">\s*)+')
_SHEET = re.compile(rf'href="((?:\.\./)*){STYLES}/([\w.-]+)"')


def step(site: Path) -> None:
    for edition in editions(site):
        folder = site / edition.root
        pages = [page for page in folder.rglob("*.html") if edition.root or page.relative_to(site).parts[0] not in _others(site)]
        _leave_out(folder, edition.language)
        _one_sheet(folder, pages)
        _name_scripts(folder, pages)
        _name_sign(folder, pages)


def _others(site: Path) -> set[str]:
    return {edition.root for edition in editions(site) if edition.root}


def _leave_out(folder: Path, language: str) -> None:
    """Remove the theme's own look (ours takes its place, see `theme/main.html`), its source maps, what other languages' searches need, and the
    second copy of the search index, which only the theme's own script would fetch."""
    for path in sorted((folder / "assets").rglob("*")):
        place = path.relative_to(folder).as_posix()
        theirs = re.match(rf"{STYLES}/(main|palette)\.\w+\.min\.|{SCRIPTS}/bundle\.\w+\.min\.|assets/images/favicon\.png", place)
        if path.is_file() and (theirs or not serves(place, language)):
            path.unlink()
    (folder / "search/search_index.json").unlink(missing_ok=True)


def _one_sheet(folder: Path, pages: list[Path]) -> None:
    """Join the style sheets of the pages, in their order, into one."""
    made: dict[tuple[str, ...], str] = {}
    for page in pages:
        text = page.read_text("utf-8")
        links = _SHEETS.search(text)
        if not links:
            continue
        found = _SHEET.findall(links[0])
        names = tuple(name for _, name in found)
        if names not in made:
            try:
                css = "".join((folder / STYLES / name).read_text("utf-8") for name in names)
            except FileNotFoundError as error:
                raise FinishError(f"{page.relative_to(folder)} asks for {Path(error.filename).name}, which is not in theme/{STYLES}/") from None
            small = rcssmin.cssmin(css)
            made[names] = f"site.{digest(small.encode())}.css"
            (folder / STYLES / made[names]).write_text(small, "utf-8")
        page.write_text(text.replace(links[0], f'<link rel="stylesheet" href="{found[0][0]}{STYLES}/{made[names]}">\n'), "utf-8")
    for name in {name for names in made for name in names}:
        (folder / STYLES / name).unlink()


def _name_scripts(folder: Path, pages: list[Path]) -> None:
    """Strip our scripts of comments, and put a hash of each into its name, on the pages too."""
    named = {}
    for path in sorted((folder / SCRIPTS).rglob("*.js")):
        place = path.relative_to(folder / SCRIPTS).as_posix()
        # What the theme brings has its hash, or is asked for by name from its worker.
        if re.search(r"\.min\.js$", place):
            continue
        small = rjsmin.jsmin(path.read_text("utf-8"))
        named[place] = f"{place.removesuffix('.js')}.{digest(small.encode())}.js"
        (folder / SCRIPTS / named[place]).write_text(small, "utf-8")
        path.unlink()
    pattern = re.compile(rf"(?<=[\"/]{SCRIPTS}/)({'|'.join(map(re.escape, named))})(?=[\"?])")
    for page in pages:
        page.write_text(pattern.sub(lambda found: named[found[0]], page.read_text("utf-8")), "utf-8")


def _name_sign(folder: Path, pages: list[Path]) -> None:
    """Give the pages the site's sign under a name with a hash too, or browsers ask on each page whether it has changed. Where an installed
    site looks for it, it stays."""
    sign = folder / "assets/images/favicon.svg"
    if not sign.is_file():
        return
    named = sign.with_name(f"favicon.{digest(sign.read_bytes())}.svg")
    named.write_bytes(sign.read_bytes())
    for page in pages:
        page.write_text(page.read_text("utf-8").replace(f'assets/images/{sign.name}"', f'assets/images/{named.name}"'), "utf-8")
