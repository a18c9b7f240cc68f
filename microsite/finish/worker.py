"""What lets a host's reader keep an edition on a device: a service worker that does nothing until asked, and the manifest of an installable site.

Each edition has its own, at its own root: so a reader keeps one language, and a worker has no say beyond its edition.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import vl_convert

from microsite.edition import Edition
from microsite.finish.base import FinishError, digest, editions, own_files, pages, serves
from microsite.settings import settings, site_name
from microsite.text import numbers

WORKER, MANIFEST = "sw.js", "manifest.webmanifest"
SIGN = "assets/images/favicon.svg"
PAPER = "#FBF9F4"
GAP = "<span data-keep-size></span>"
"""Where a page says how much room the edition takes."""
# The page for wrong addresses and the maps of sites are asked for by nobody who reads what is kept; the search reads its index as a script.
_NOT_KEPT = re.compile(r"^404\.html$|^sbom\.cdx\.json$|^sitemap\.xml(\.gz)?$|^_headers$|^sw\.js$|\.md$")


def step(site: Path) -> None:
    for edition in editions(site):
        folder = site / edition.root
        for path, content in {**icons(folder), MANIFEST: manifest(edition)}.items():
            (folder / path).write_bytes(content)
        room = sum((folder / path).stat().st_size for path in kept(site, edition))
        for page in pages(site, edition):
            if GAP in (text := page.read_text(encoding="utf-8")):
                page.write_text(text.replace(GAP, f"<span> ({numbers.size(room, edition.locale)})</span>"), encoding="utf-8", newline="\n")
        (folder / WORKER).write_text(worker(site, edition), encoding="utf-8", newline="\n")


def kept(site: Path, edition: Edition) -> list[str]:
    """What a reader keeps: the edition's pages and what they are shown and searched with, by the path below the edition's root. No downloads."""
    return [path for path in own_files(site, edition) if serves(path, edition.language) and not _NOT_KEPT.search(path)]


def worker(site: Path, edition: Edition) -> str:
    """The service worker, which names every file with the hash of its content: so it changes when anything does, and only then."""
    files = {path: digest((site / edition.root / path).read_bytes()) for path in kept(site, edition)}
    version = digest(json.dumps(files).encode())
    return edition.templates.get_template("worker.js").render(files=files, version=version) + "\n"


def manifest(edition: Edition) -> bytes:
    """What a device needs to know to install the edition. Addresses are relative, so that it works in any folder of a host."""
    about = {
        "name": site_name(edition.language),
        "short_name": site_name(edition.language).partition(" · ")[0],
        "description": settings(edition.language)["site_description"].strip(),
        "lang": edition.language,
        "dir": "ltr",
        "start_url": "index.html",
        "scope": "./",
        "display": "standalone",
        "display_override": ["minimal-ui"],
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            {"src": SIGN, "type": "image/svg+xml", "sizes": "any"},
            *({"src": f"assets/images/icon-{size}.png", "type": "image/png", "sizes": f"{size}x{size}"} for size in (192, 512)),
            {"src": "assets/images/icon-maskable-512.png", "type": "image/png", "sizes": "512x512", "purpose": "maskable"},
        ],
    }
    return (json.dumps(about, ensure_ascii=False, indent=1) + "\n").encode()


def icons(folder: Path) -> dict[str, bytes]:
    """The site's sign as pictures of dots, for devices that take no drawing: plain, and with room around it to be cut to any shape."""
    if not (folder / SIGN).is_file():
        raise FinishError(f"{SIGN} is missing: the icons of the installable site are drawn from it")
    sign = (folder / SIGN).read_text(encoding="utf-8")
    drawn = {f"assets/images/icon-{size}.png": _png(sign, size, size) for size in (192, 512)}
    # Whatever the shape, a circle of four fifths of the width is seen; the sign's corners lie within it.
    return drawn | {"assets/images/icon-maskable-512.png": _png(sign, 512, 280, f'<rect width="512" height="512" fill="{PAPER}"/>')}


def _png(sign: str, size: int, drawn: int, ground: str = "") -> bytes:
    placed = sign.replace("<svg ", f'<svg x="{(size - drawn) / 2}" y="{(size - drawn) / 2}" width="{drawn}" height="{drawn}" ', 1)
    return vl_convert.svg_to_png(f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}">{ground}{placed}</svg>', scale=1, ppi=72)
