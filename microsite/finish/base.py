"""What the last steps share: which editions stand in a finished site, and which files are whose."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from microsite.edition import Edition
from microsite.load import load

SHARED = ("open-data", "downloads")
"""Folders at the site's top that all editions share."""
_HASHED = re.compile(r"[.-][0-9a-f]{8,64}\.(?:[a-z]+\.)?[a-z0-9]+$")


class FinishError(Exception):
    """The finished site cannot be made ready. Its text says what is wrong and what would be right."""


def editions(site: Path) -> list[Edition]:
    """The editions that stand in the site, in their order."""
    return [edition for edition in map(Edition, load()["languages"]) if (site / edition.root / "index.html").is_file()]


def own_files(site: Path, edition: Edition) -> list[str]:
    """An edition's files by their path below its folder, in order: without other editions and what all share."""
    folder = site / edition.root
    others = {other.root for other in map(Edition, load()["languages"]) if other.root and not edition.root}
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in paths if path.parts[0] not in {*others, *SHARED})


def pages(site: Path, edition: Edition) -> list[Path]:
    """An edition's pages."""
    return [site / edition.root / path for path in own_files(site, edition) if path.endswith(".html")]


def is_hashed(path: str) -> bool:
    """Whether a file's name holds a hash of its content, as in `assets/javascripts/site.57a0d79d.js`, so that it never changes."""
    return bool(re.match("(?:[a-z]{2,3}/)?assets/", path)) and bool(_HASHED.search(path))


def serves(path: str, language: str) -> bool:
    """Whether an edition's pages may ask for a file: the theme brings along source maps, and the stems of thirty languages for the search."""
    if path.endswith(".map") or re.search(r"(^|/)lunr/(tinyseg|wordcut)\.js$", path):
        return False
    stems = re.search(r"(^|/)lunr/min/lunr\.([a-z.]+)\.min\.js$", path)
    return not stems or stems[2] in (language, "stemmer.support")


def digest(content: bytes) -> str:
    """A short name for some content."""
    return hashlib.sha256(content).hexdigest()[:16]
