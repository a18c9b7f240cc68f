"""Build an edition with Zensical, the successor of MkDocs and Material, from the same settings, pages, macros and templates.

What Zensical (0.0.73) does not do, and is done here: it joins the lists of inherited settings, where MkDocs lets the later one stand, so both editions'
menus would become one; it fixes its settings before macros.py is asked, so what the templates are told has to stand in them; it writes pages only
below the folder of its settings; it brings a look and a search of its own, which no page of ours uses, and its index has another form.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from microsite import search_index
from microsite.edition import Edition
from microsite.frame import VENDORED, told
from microsite.load import ROOT

_HERE = re.compile(r'((?:href|src|data-[a-z]+)=")\./(?=[^"])')
"""What Zensical writes before the address of a neighbour, where MkDocs writes nothing."""


class SuccessorFailed(Exception):
    """Zensical could not build an edition. Its text says why."""


def build_edition(path: Path, site: Path, edition: Edition) -> None:
    """Build the edition with these settings into the folder `site`, strictly, without what spans both editions. Raises `SuccessorFailed`."""
    try:
        import zensical
    except ImportError:
        raise SuccessorFailed("Zensical is not installed; `make site-zensical` installs it") from None
    values = settings(path)
    with tempfile.TemporaryDirectory(prefix=".site-", dir=site.parent, ignore_cleanup_errors=True) as folder:
        # With copies of pages and theme, as it takes none from outside. The macros are found where they are.
        stage = Path(folder)
        for name, source in (("docs", values["docs_dir"]), ("theme", values["theme"]["custom_dir"])):
            shutil.copytree(ROOT / source, stage / name)
        values |= {"docs_dir": "docs", "site_dir": "made", "site_url": edition.published, "watch": []}
        values["theme"] |= {"custom_dir": "theme"}
        values["extra"] |= told(edition, values["nav"])
        values["markdown_extensions"] |= {"microsite.extensions": {"language": edition.language}}
        values["plugins"]["search"] = {"enabled": False}
        (stage / "settings.yml").write_text(json.dumps(values), "utf-8")  # YAML reads JSON
        try:
            zensical.build(str(stage / "settings.yml"), {"clean": False, "strict": True})
        # It raises whatever came up in its own language, in Python or in a template.
        except (Exception, SystemExit) as error:
            raise SuccessorFailed(f"{path.name}: {error}") from None
        made = stage / "made"
        leave_out(made)
        bring_search(made, edition.language)
        for page in made.rglob("*.html"):
            page.write_text(_HERE.sub(r"\1", page.read_text("utf-8")), "utf-8")
        search_index.write(made, values["nav"], edition.language, values["extra"]["search"])
        shutil.copytree(made, site, dirs_exist_ok=True)


def settings(path: Path) -> dict[str, Any]:
    """The settings of an edition with those that they inherit, joined as MkDocs does it: maps are merged, anything else is replaced."""
    own = yaml.safe_load(path.read_text("utf-8"))
    parent = own.pop("INHERIT", None)
    return merged(settings(path.parent / parent), own) if parent else own


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Two maps in one; where both have a key, what stands above counts."""
    both = {key: merged(below[key], above[key]) for key in below.keys() & above if isinstance(below[key], dict) and isinstance(above[key], dict)}
    return {**below, **above, **both}


def bring_search(site: Path, language: str) -> None:
    """Put Material's search worker where Material would, with what it knows of the edition's language."""
    scripts = site / "assets/javascripts"
    for target, found in (("workers", "mkdocs-material/search.*.js"), ("lunr/min", "lunr-languages/*.support.min.js"), ("lunr/min", f"lunr-languages/lunr.{language}.min.js")):
        (scripts / target).mkdir(parents=True, exist_ok=True)
        for path in VENDORED.glob(found):
            shutil.copy(path, scripts / target)


def leave_out(site: Path) -> None:
    """Remove what Zensical's own theme brings along, unless ours has a file of the same name."""
    theirs = Path(str(resources.files("zensical"))) / "templates"
    for path in (theirs / "assets").rglob("*"):
        made = site / path.relative_to(theirs)
        if path.is_file() and made.is_file() and made.read_bytes() == path.read_bytes():
            made.unlink()
    # Of a theme it copies the notes of those who keep it, too; and it writes an empty index when told to write none.
    for path in (*(site / "assets").rglob("*.md"), site / "search.json", site / "search.js"):
        path.unlink(missing_ok=True)
    for folder in sorted((site / "assets").rglob("*"), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
