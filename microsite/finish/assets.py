"""Leaves out what the theme ships and no page uses, puts our styles into the pages, and names our scripts by their content.

A page's first view waits for nothing but the page: on a slow network asking for styles, however small, would take as long again as the page.
A file whose name changes with its content may be kept by a browser for good.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import rcssmin
import rjsmin

from microsite.finish.base import FinishError, digest, editions, serves

STYLES = "assets/stylesheets"
SCRIPTS = "assets/javascripts"
_SHEETS = re.compile(rf'(?:<link rel="stylesheet" href="(?:\.\./)*{STYLES}/[\w.-]+">\s*)+')
_SHEET = re.compile(rf'href="(?:\.\./)*{STYLES}/([\w.-]+)"')
_DECLARATIONS = re.compile(r"\{[^{}]*\}")
_CLASS = re.compile(r"\.([a-z][\w-]*)")
_CLASSES = re.compile(r'\sclass="([^"]*)"')


def step(site: Path) -> None:
    for edition in editions(site):
        folder = site / edition.root
        pages = [page for page in folder.rglob("*.html") if edition.root or page.relative_to(site).parts[0] not in _others(site)]
        _leave_out(folder, edition.language)
        _styles_in_pages(folder, pages)
        _name_scripts(folder, pages)
        _name_sign(folder, pages)


def _others(site: Path) -> set[str]:
    return {edition.root for edition in editions(site) if edition.root}


def _leave_out(folder: Path, language: str) -> None:
    """Remove the theme's own look (ours takes its place, see `theme/main.html`), its source maps, and what other languages' searches
    need."""
    for path in sorted((folder / "assets").rglob("*")):
        place = path.relative_to(folder).as_posix()
        theirs = re.match(rf"{STYLES}/(main|palette)\.\w+\.min\.|{SCRIPTS}/bundle\.\w+\.min\.|assets/images/favicon\.png", place)
        if path.is_file() and (theirs or not serves(place, language)):
            path.unlink()


def _styles_in_pages(folder: Path, pages: list[Path]) -> None:
    """Put into each page, in their order, the style sheets that it needs: the first, and each with a class that the page has and no sheet before it
    names. As elements of their own, which the policy of a host can name one by one, though each page has others."""
    sheets: dict[str, tuple[str, set[str]]] = {}
    named: set[str] = set()
    for page in pages:
        text = page.read_text("utf-8")
        links = _SHEETS.search(text)
        if not links:
            continue
        names = _SHEET.findall(links[0])
        for name in names:
            if name not in sheets:
                try:
                    css = rcssmin.cssmin((folder / STYLES / name).read_text("utf-8"))
                except FileNotFoundError:
                    raise FinishError(f"{page.relative_to(folder)} asks for {name}, which is not in theme/{STYLES}/") from None
                classes = set(_CLASS.findall(_DECLARATIONS.sub(" ", css)))
                sheets[name] = css, classes - named
                named |= classes
        has = {one for found in _CLASSES.findall(text) for one in found.split()}
        needed = (css for name in names for css, own in [sheets[name]] if name == names[0] or own & has)
        page.write_text(text.replace(links[0], "".join(f"<style>{css}</style>\n" for css in needed)), "utf-8")
    if sheets:
        shutil.rmtree(folder / STYLES)


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
