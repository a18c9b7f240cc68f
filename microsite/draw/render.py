"""From a Vega-Lite specification to an SVG for the page: drawn by vl-convert, kept by content, made small and accessible.

A drawing is kept under a hash of its specification, of vl-convert's version and of `VERSION`; one that has not changed is read from
the cache, and vl-convert is not even loaded. What depends on the page (ids, the accessible name) is put in afterwards.
"""

from __future__ import annotations

import hashlib
import json
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from microsite.kept import write

VERSION = 2
"""Raise it when this module or the patterns below change what comes out of the same specification."""

ID = "@ID@"
"""Stands for the page's id of the drawing until it is known."""

PATTERNS = {
    "hatch": '<pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="var(--chart-pale)"/><rect width="2.5" height="6" fill="var(--chart)"/></pattern>',
    "dots": '<pattern id="{id}" width="5" height="5" patternUnits="userSpaceOnUse">'
    '<rect width="5" height="5" fill="var(--paper)"/><circle cx="2.5" cy="2.5" r="1" fill="var(--chart)"/></pattern>',
    "fine": '<pattern id="{id}" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="4" height="4" fill="var(--paper)"/><rect width="1" height="4" fill="var(--chart)"/></pattern>',
    "arrow": '<marker id="{id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto-start-reverse">'
    '<path d="M0 .5 8 4 0 7.5Z" fill="var(--chart)"/></marker>',
}
"""Fills and ends of lines that Vega does not know; a specification names one as `url(#hatch)`."""


def svg(spec: dict[str, Any], cache: Path) -> str:
    """The drawing of a specification, with `ID` where the page's id belongs. `cache` is a folder that may be deleted."""
    text = json.dumps(spec, sort_keys=True, ensure_ascii=False)
    key = hashlib.sha256(f"{VERSION} {version('vl-convert-python')} {text}".encode()).hexdigest()[:24]
    kept = cache / "drawings" / f"{key}.svg"
    if kept.exists():
        return kept.read_text(encoding="utf-8")
    drawn = tidy(_convert(text))
    write(kept, drawn)
    return drawn


def _convert(spec: str) -> str:
    import vl_convert

    return vl_convert.vegalite_to_svg(spec)


def named(drawn: str, page_id: str, title: str, description: str, css: str) -> Markup:
    """The drawing as the page wants it: with ids of its own, a name, a description and a class; its parts are hidden from readers of the page's structure."""
    head = Markup(
        '<svg class="{css}" role="img" aria-labelledby="__{id}-title" aria-describedby="__{id}-desc"{box}>'
        '<title id="__{id}-title">{title}</title><desc id="__{id}-desc">{desc}</desc>'
    )
    match = re.match(r"<svg( viewBox=\"[^\"]+\")>", drawn)
    assert match, "a tidy drawing begins with its viewBox"
    opening = head.format(css=css, id=page_id, box=Markup(match[1]), title=str(title), desc=str(description))
    return opening + Markup(drawn[match.end() :].replace(ID, f"__{escape(page_id)}"))


# --- making it small -------------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"-?\d*\.\d+(?:e-?\d+)?")
_POINTS = re.compile(r"([ML])\s*(-?[\d.e-]+)[, ](-?[\d.e-]+)|(Z)")


def tidy(drawn: str) -> str:
    """Vega's SVG without what the page does not need: fixed size, own fonts, roles of marks, empty layers, needless digits."""
    body = re.sub(r"^.*?<svg[^>]*?(viewBox=\"[^\"]+\")[^>]*>", r"<svg \1>", drawn, count=1, flags=re.S)
    box = re.match(r'<svg (viewBox="[^"]+")>', body)
    assert box
    body = body[box.end() :].removesuffix("</svg>")
    body = re.sub(r' aria-label="data ([^"]*)"', _attributes, body)
    body = re.sub(r' (?:aria-[a-z]+|role|class|font-family|stroke-miterlimit|pointer-events)="[^"]*"', "", body)
    body = re.sub(r"<path(?:(?! marker)[^>])*? d=\"\"[^>]*/>|<path d=\"M0,0h[\d.]+v[\d.]+h-[\d.]+Z\"(?: display=\"none\")?/>", "", body)
    body = re.sub(r' d="([^"]*)"', lambda m: f' d="{_shorter(m[1])}"', body)
    body = re.sub(r'(?<= )(transform|x|y|x1|x2|y1|y2|dy|r|width|height)="([^"]*)"', lambda m: f'{m[1]}="{_rounded(m[2])}"', body)
    body = re.sub(r' transform="translate\(0,0\)"| (?:fill|stroke)-opacity="1"| opacity="1"| font-weight="normal"| y="0"', "", body)
    body = re.sub(r'font-size="([\d.]+)px"', r'font-size="\1"', body)
    body = re.sub(r' clip-path="[^"]*"|<defs><clipPath.*?</defs>', "", body)
    while (less := re.sub(r"<g[^>]*></g>|<g>((?:(?!</?g\b).)*)</g>", r"\1", body, flags=re.S)) != body:
        body = less
    used = [name for name in PATTERNS if f"url(#{name})" in body]
    defs = "".join(PATTERNS[name].format(id=f"{ID}-{name}") for name in used)
    for name in used:
        body = body.replace(f"url(#{name})", f"url(#{ID}-{name})")
    return f'<svg {box[1]}>{f"<defs>{defs}</defs>" if defs else ""}<g aria-hidden="true" fill="none">{body}</g></svg>'


def _attributes(match: re.Match[str]) -> str:
    """A mark's description `data continent=asia europe;kind=trade` as attributes that a script can choose by."""
    pairs = [part.partition("=")[::2] for part in match[1].split(";")]
    return "".join(f' {name}="{value}"' if name.startswith("marker") else f' data-{name}="{value}"' for name, value in pairs)


def _rounded(text: str) -> str:
    return _NUMBER.sub(lambda m: _short(float(m[0])), text)


def _short(value: float) -> str:
    """A number with at most one decimal, written as short as SVG allows."""
    shown = f"{round(value, 1):.1f}".removesuffix(".0")
    shown = "0" if shown == "-0" else shown
    return re.sub(r"^(-?)0(?=\.)", r"\1", shown)


def _shorter(path: str) -> str:
    """A path with one decimal; one made of straight lines only is written relative, which packs far better."""
    if re.search(r"[^MLZ\d.,e\s-]", path):
        return _rounded(path)
    out: list[str] = []
    x = y = 0
    start = (0, 0)
    line: list[str] = []
    points = list(_POINTS.finditer(path))
    for match in points:
        if match[4]:
            out += [*line, "z"]
            line = []
            x, y = start
            continue
        # In tenths, so that nothing is lost by adding up.
        to_x, to_y = round(float(match[2]) * 10), round(float(match[3]) * 10)
        if match[1] == "M":
            out += line
            line = [f"M{_short(to_x / 10)} {_short(to_y / 10)}"]
            start = (to_x, to_y)
        elif (to_x, to_y) != (x, y):
            first = not line[-1].startswith(("l", " ", "-", "."))
            line.append(("l" if first else "") + _pair(to_x - x, to_y - y, not first))
        x, y = to_x, to_y
    return "".join([*out, *line])


def _pair(dx: int, dy: int, spaced: bool) -> str:
    one, two = _short(dx / 10), _short(dy / 10)
    return (" " if spaced and not one.startswith("-") else "") + one + ("" if two.startswith("-") else " ") + two
