"""What `mkdocs.yml` says and the engine needs too: the site's name and its published address."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from microsite.load import FAST, ROOT, load


def settings_of(language: str) -> Path:
    """The file with the settings of an edition: `mkdocs.yml` of the first, which all others inherit, `mkdocs.<language>.yml` of another."""
    return ROOT / ("mkdocs.yml" if language == next(iter(load()["languages"])) else f"mkdocs.{language}.yml")


@functools.cache
def settings(language: str | None = None) -> Mapping[str, Any]:
    """The settings of the first edition, read as plain YAML; with a language, what that edition's own file changes at the top level too."""
    shared = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), Loader=FAST)
    own = ROOT / f"mkdocs.{language}.yml"
    return shared | yaml.load(own.read_text(encoding="utf-8"), Loader=FAST) if own.is_file() else shared


def site_name(language: str | None = None) -> str:
    return settings(language)["site_name"]


def site_url() -> str:
    """The published address of the site's root, ending in a slash."""
    return settings()["site_url"].rstrip("/") + "/"


LICENCE = {"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}
"""What texts and data may be used under; names as in a data package."""
