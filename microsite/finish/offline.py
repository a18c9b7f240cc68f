"""The packed copy of each edition, to be read from a disk: `downloads/coop-site-<language>-<version>.zip`, its checksum beside it.

It holds the edition's pages and whatever they link to on this site, but for the other edition and the packed copies themselves: links
to these lead to the published address and say that they need a network. The same site gives the same bytes.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from markupsafe import escape

from microsite import side_by_side
from microsite.edition import Edition
from microsite.export import packs, paper, pandoc, release
from microsite.finish.base import FinishError, editions, own_files, serves
from microsite.settings import site_name, site_url

LONGEST = 100
"""How many characters a path in the copy may have: old programs for zips cut longer ones."""
START = "START-HERE.txt"
# What a host needs and a disk does not. Search from a disk reads the index as a script, from the file beside the one left out.
_HOSTED = re.compile(r"(^|/)404\.html$|^sitemap\.xml(\.gz)?$|^sw\.js$|^_headers$|\.webmanifest$|\.md$")


def step(site: Path) -> None:
    there = editions(site)
    for edition, content in zip(there, side_by_side.each(lambda edition: copy(site, edition), there), strict=True):
        path = release.path(edition)
        target = site / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        target.with_name(f"{target.name}.sha256").write_bytes(packs.checksum(path, content))


def copy(site: Path, edition: Edition) -> bytes:
    """An edition's zip."""
    files = {f"{release.folder(edition)}/{path}": content for path, content in contents(site, edition).items()}
    if wrong := [path for path in files if len(path) > LONGEST or not path.isascii() or re.search(r"[^\w./-]", path)]:
        raise FinishError(f"{release.path(edition)}: names of more than {LONGEST} characters, or of other than letters, digits, - and _: {', '.join(wrong)}")
    return pandoc.archive(files, release.day(edition.facts))


def contents(site: Path, edition: Edition) -> dict[str, bytes]:
    """What the copy holds, by the path below its top folder."""
    places = inside(site, edition)
    made = {place: _content(site, edition, path, places) for path, place in places.items()}
    return {START: start_here(edition), **made}


def start_here(edition: Edition) -> bytes:
    """The file to read first, for any editor: old ones for Windows need the mark at its beginning and these line ends."""
    text = paper.document(
        edition, "start-here.txt", site_name=site_name(edition.language), version=release.line(edition), address=edition.address("index.md")
    )
    return text.decode().replace("\n", "\r\n").encode("utf-8-sig")


def _content(site: Path, edition: Edition, path: str, places: Mapping[str, str]) -> bytes:
    content = (site / path).read_bytes()
    return relink(content.decode(), path, edition, places).encode() if path.endswith(".html") else content


# --- which files -----------------------------------------------------------------------------------------------------


def inside(site: Path, edition: Edition) -> dict[str, str]:
    """The files of the copy: path below the site's root -> path below the copy's top folder."""
    own = [path for path in own_files(site, edition) if serves(path, edition.language) and not _HOSTED.search(path)]
    places = {posixpath.join(edition.root, path): path.lower() for path in own}
    waiting = [path for path in places if path.endswith(".html")]
    while waiting:
        here = waiting.pop()
        for path in leads_to(site, here):
            if path not in places and shared(path) and (site / path).is_file():
                places[path] = path.lower()
                if path.endswith((".html", "datapackage.json")):
                    waiting.append(path)
    if len(set(places.values())) < len(places):
        twice = sorted({place for place in places.values() if list(places.values()).count(place) > 1})
        raise FinishError(f"{release.path(edition)}: names that differ by capital letters only: {', '.join(twice)}")
    return places


def shared(path: str) -> bool:
    """Whether a file is one that every edition may take along."""
    return path.startswith(("open-data/", "downloads/")) and not path.startswith("downloads/coop-site-")


def leads_to(site: Path, here: str) -> Iterator[str]:
    """The files that a page, or the description of the data, names, by their path below the site's root."""
    text = (site / here).read_text(encoding="utf-8")
    if here.endswith(".json"):
        for resource in json.loads(text)["resources"]:
            yield posixpath.join(posixpath.dirname(here), resource["path"])
        return
    for tag in _TAG.finditer(text):
        for address in _ADDRESS.finditer(tag["start"] or tag["raw"] or ""):
            if path := target(here, _value(address)):
                yield path


# --- links -----------------------------------------------------------------------------------------------------------

# A start tag, or the end of a link. What stands in comments, scripts and styles is no tag.
_ATTRIBUTES = r"""(?:[^>"']|"[^"]*"|'[^']*')*"""
_TAG = re.compile(
    rf"<!--.*?-->|(?P<raw><(?:script|style)\b{_ATTRIBUTES}>)(?P<code>.*?</(?:script|style)\s*>)"
    rf"|(?P<start><(?P<name>[a-z][\w-]*)\b{_ATTRIBUTES}>)|(?P<end></a\s*>)",
    re.S | re.I,
)
_ADDRESS = re.compile(r"""(?P<before>\s(?:href|src)\s*=\s*)(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'>]+))""", re.I)


def _value(address: re.Match[str]) -> str:
    return unescape(next(value for value in (address["double"], address["single"], address["bare"]) if value is not None))


def target(here: str, address: str) -> str | None:
    """The path below the site's root that an address on a page leads to; None for places on the page itself and on other sites."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path:
        return None
    return posixpath.normpath(posixpath.join(posixpath.dirname(here), unquote(parts.path)))


def relink(html: str, here: str, edition: Edition, places: Mapping[str, str]) -> str:
    """A page as it stands in the copy: links to what is not in the copy lead to the published address, and say that they need a network.

    `here` is the page's path below the site's root. Raises FinishError if the page is built of something that is not in the copy.
    """
    away = ""

    def address(match: re.Match[str], tag: str, whole: str) -> str:
        nonlocal away
        value = _value(match)
        path = target(here, value)
        if path is None:
            return match[0]
        if path in places:
            new = quote(posixpath.relpath(places[path], posixpath.dirname(places[here]) or "."))
        elif tag == "a" or (tag == "link" and not re.search(r"\brel\s*=\s*[\"']?[^\"'>]*(?:stylesheet|icon|preload)", whole)):
            new = site_url() + quote(path)
            away = away or (_away(edition, whole) if tag == "a" else "")
        else:
            raise FinishError(f"{here}: needs {path}, which is not in the packed copy")
        rest = value[len(value.partition("#")[0].partition("?")[0]) :]
        return f'{match["before"]}"{escape(new + rest)}"'

    def rewrite(match: re.Match[str]) -> str:
        nonlocal away
        if match["end"]:
            sign, away = away, ""
            return sign + match["end"]
        if start := match["start"] or match["raw"]:
            tag = (match["name"] or "script").lower()
            return _ADDRESS.sub(lambda found: address(found, tag, start), start) + (match["code"] or "")
        return match[0]

    return _TAG.sub(rewrite, html)


def _away(edition: Edition, link: str) -> str:
    """What a link that needs a network says; the switch of languages has little room, so there it is a sign with the words for those who hear it."""
    words = f"({escape(edition.words['packed']['needs_network'])})"
    if re.search(r"\brel\s*=\s*[\"']?alternate", link):
        return f'<span lang="{edition.language}"><span aria-hidden="true"> ↗</span><span class="visually-hidden"> {words}</span></span>'
    return f' <span class="needs-network">{words}</span>'
