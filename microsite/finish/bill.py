"""The bill of materials, `sbom.cdx.json`: whose scripts, styles and outlines the site ships, in which version, under which licence.

In the form of CycloneDX 1.6. Every script and style of the site has its place in it, or the build ends. The same site gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from microsite.export import release
from microsite.finish.base import FinishError, editions, own_files
from microsite.load import ROOT, load
from microsite.settings import site_name, site_url

BILL = "sbom.cdx.json"
THEME = "mkdocs-material"
_CODE = re.compile(r"\.(js|css|wasm|woff2?)$")
_HASH = re.compile(r"\.[0-9a-f]{16}(?=\.\w+$)")
"""What `assets` puts into the names of our files."""


def step(site: Path) -> None:
    (site / BILL).write_text(json.dumps(bill(site), ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def bill(site: Path) -> dict[str, Any]:
    """The bill of a finished site."""
    vendored = {one["name"]: one for one in yaml.safe_load((ROOT / "microsite/vendored.yml").read_text(encoding="utf-8")) if one["site"]}
    files: dict[str, list[dict[str, Any]]] = defaultdict(list)
    worker = ""
    for path, content in code(site):
        name = owner(path)
        files[name].append(_file(path, content))
        if name == THEME:
            worker = content.decode(errors="replace")
    components = [_vendored(one, files[name]) for name, one in sorted(vendored.items())]
    if worker:
        # The worker holds the search engine, which says its version.
        if found := re.search(r"\.version=\"(\d+\.\d+\.\d+)\"", worker):
            components.append(_component("lunr", found[1], f"pkg:npm/lunr@{found[1]}", "MIT", "Oliver Nightingale", "the search engine within that worker"))
    components += files[site_name()]
    day = release.day(load())
    address = f"{site_url()}{BILL}"
    whole = {
        "type": "application", "bom-ref": site_url(), "name": site_name(), "version": release.version(load()),
        "licenses": [{"license": {"id": "MIT"}}, {"license": {"id": "CC-BY-4.0"}}],
        "externalReferences": [{"type": "website", "url": site_url()}],
    }  # fmt: skip
    refs = [one["bom-ref"] for one in components]
    content = json.dumps([whole, components], ensure_ascii=False)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, address + content)}",
        "version": 1,
        "metadata": {"timestamp": f"{day}T00:00:00Z", "component": whole},
        "components": components,
        "dependencies": [{"ref": site_url(), "dependsOn": refs}],
    }


def code(site: Path) -> Iterator[tuple[str, bytes]]:
    """The scripts, styles and fonts of all editions, by their path below the site's root; our styles stand in the pages, and the service workers and
    the search index are made of them."""
    for edition in editions(site):
        for path in own_files(site, edition):
            if path.startswith("assets/") and _CODE.search(path):
                there = f"{edition.root}/{path}" if edition.root else path
                yield there, (site / there).read_bytes()


def owner(path: str) -> str:
    """The name of the component that a file belongs to. Raises FinishError for a file that nobody accounts for."""
    place = _HASH.sub("", path[path.index("assets/") :])
    if place.startswith("assets/javascripts/iframe-worker/"):
        return "iframe-worker"
    if place.startswith("assets/javascripts/lunr/"):
        return "lunr-languages"
    if re.fullmatch(r"assets/javascripts/workers/search\.\w+\.min\.js", place):
        return THEME
    if (ROOT / "theme" / place).is_file():
        return site_name()
    raise FinishError(f"{path}: nobody says whose it is; enter it in microsite/vendored.yml, and say in microsite/finish/bill.py how it is known")


def _vendored(one: Mapping[str, Any], files: list[dict[str, Any]]) -> dict[str, Any]:
    made = _component(one["name"], str(one["version"]), one["origin"], one["licence"], one["author"], one["purpose"], files)
    return made | ({"pedigree": {"notes": one["changed"]}} if "changed" in one else {})


def _component(name: str, number: str, purl: str, licence: str, author: str, purpose: str, files: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "library", "bom-ref": purl, "name": name}
    made |= {"version": number} if number else {}
    made |= {"author": author, "description": purpose, "licenses": [{"license": {"id": licence}}], "purl": purl}
    return made | ({"components": files} if files else {})


def _file(path: str, content: bytes) -> dict[str, Any]:
    return {
        "type": "file", "bom-ref": f"file:{path}", "name": path, "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}],
    }  # fmt: skip
