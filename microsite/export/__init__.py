"""What others can take along: one module a format. Each gives its files as bytes by their path below the site's root."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from microsite.export import bibliography, charts, package, questions, tables
from microsite.export.tables import ExportError
from microsite.load import load
from microsite.model import Facts

FOLDER = "open-data"
"""Where the data stand, below the site's root. Both editions share them."""
__all__ = ["ExportError", "files", "write"]
FORMATS = (tables, package, bibliography, charts, questions)
"""The modules that make them: each has `files(facts)`."""


@functools.lru_cache(maxsize=4)
def files(facts: Facts) -> Mapping[str, bytes]:
    """Every file for others, by its path below the site's root (such as `open-data/figures.csv`). The same facts give the same bytes."""
    made: dict[str, bytes] = {}
    for module in FORMATS:
        for path, content in module.files(facts).items():
            if path in made:
                raise ValueError(f"{module.__name__}: {path} is written by another format already")
            made[path] = content
    return MappingProxyType(made)


def write(site: Path, facts: Facts | None = None) -> list[Path]:
    """Write every file below `site`; return where they stand."""
    written = []
    for path, content in files(facts or load()).items():
        target = site / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        written.append(target)
    return written
