"""What a host should say with each file: a policy that lets nothing run but what the site brings along, and how long a file keeps.

Written as `_headers` into the site, which several hosts read; `python -m microsite headers nginx` (or `apache`) writes the same for these.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from microsite.finish.base import FinishError, editions, is_hashed, own_files

HEADERS = "_headers"
FOREVER, ASK = "public, max-age=31536000, immutable", "no-cache"
"""How long a file keeps: one with a hash in its name never changes; of all others a browser asks whether they have."""
LONGEST_LINE, MOST_RULES = 2000, 100
"""What the hosts that read `_headers` take."""
_RUNS = {"", "module", "text/javascript", "application/javascript"}


@dataclass
class Inline(HTMLParser):
    """What stands in a page itself and not in a file: scripts that run, styles, and attributes that a strict policy leaves without effect."""

    scripts: set[str] = field(default_factory=set)
    styles: set[str] = field(default_factory=set)
    without_effect: list[str] = field(default_factory=list)
    _inside: set[str] | None = None

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        self._text = ""
        if tag == "style":
            self._inside = self.styles
        elif tag == "script" and "src" not in values and values.get("type", "").strip().lower() in _RUNS:
            self._inside = self.scripts
        for name, value in values.items():
            if name == "style" or name.startswith("on") or value.strip().lower().startswith("javascript:"):
                self.without_effect.append(f'<{tag} {name}="{value}">')

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style") and self._inside is not None:
            self._inside.add(self._text)
            self._inside = None


def step(site: Path) -> None:
    text = netlify(site)
    if long := [line for line in text.splitlines() if len(line) > LONGEST_LINE]:
        raise FinishError(f"{HEADERS}: hosts read lines of {LONGEST_LINE} characters; the site has too many different inline scripts or styles: {long[0][:80]}…")
    (site / HEADERS).write_text(text, encoding="utf-8", newline="\n")


def inline(site: Path) -> Inline:
    """What all pages of the site have inline. Raises FinishError for what no strict policy allows, naming each page."""
    whole, wrong = Inline(), []
    for path in sorted(site.rglob("*.html")):
        page = Inline()
        page.feed(path.read_text(encoding="utf-8"))
        page.close()
        whole.scripts |= page.scripts
        whole.styles |= page.styles
        wrong += [f"{path.relative_to(site).as_posix()}: {what}" for what in dict.fromkeys(page.without_effect)]
    if wrong:
        raise FinishError(
            "A strict content policy leaves these attributes without effect; use a class, an SVG attribute or a script file:\n" + "\n".join(wrong)
        )
    return whole


def general(site: Path) -> Mapping[str, str]:
    """What is said with every file."""
    found = inline(site)
    policy = {
        "default-src": ["'none'"],
        "script-src": ["'self'", *hashes(found.scripts)],
        "style-src": ["'self'", *hashes(found.styles)],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    return {
        "Content-Security-Policy": "; ".join(" ".join((name, *values)) for name, values in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }


def hashes(texts: Iterable[str]) -> list[str]:
    """How a policy names scripts or styles that stand in pages."""
    return sorted(f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts)


# --- for hosts -------------------------------------------------------------------------------------------------------


def netlify(site: Path) -> str:
    """The headers as `_headers`. A host joins what several rules say of one header, so each file gets its keeping time from one rule only."""
    rules: list[tuple[str, Mapping[str, str]]] = [("/*", general(site))]
    rules += [(where, {"Cache-Control": value}) for where, value in _keeping(site)]
    if len(rules) > MOST_RULES:
        raise FinishError(f"{HEADERS}: hosts read {MOST_RULES} rules, and these are {len(rules)}")
    return "".join(f"{where}\n" + "".join(f"  {name}: {value}\n" for name, value in said.items()) for where, said in rules)


def _keeping(site: Path) -> Iterator[tuple[str, str]]:
    for edition in editions(site):
        root = f"/{edition.root}/" if edition.root else "/"
        files = own_files(site, edition)
        yield root, ASK
        for name in sorted({path.split("/")[0] for path in files} - {"assets", HEADERS}):
            yield (f"{root}{name}" if name in files else f"{root}{name}/*"), ASK
        for path in files:
            if is_hashed(path) and not path.endswith(".map"):
                yield root + path, FOREVER


def nginx(site: Path) -> str:
    """The headers for the `server` block of nginx, where a block within another inherits none."""
    said = "".join(f'add_header {name} "{value}" always;\n' for name, value in general(site).items())
    again = "".join(f"  {line}\n" for line in said.splitlines())
    return (
        f'{said}add_header Cache-Control "{ASK}" always;\n'
        'location ~ "/assets/.*[.-][0-9a-f]{8,64}\\.([a-z]+\\.)?[a-z0-9]+$" {\n'
        f'{again}  add_header Cache-Control "{FOREVER}" always;\n}}\n'
        "error_page 404 /404.html;\n"
    )


def apache(site: Path) -> str:
    """The headers for Apache's settings of the site's folder, or for a file `.htaccess` in it."""
    said = "".join(f'Header always set {name} "{value}"\n' for name, value in general(site).items())
    return (
        f'{said}Header set Cache-Control "{ASK}"\n'
        '<FilesMatch "[.-][0-9a-f]{8,64}\\.([a-z]+\\.)?(css|js|woff2|png|svg)$">\n'
        f'  Header set Cache-Control "{FOREVER}"\n</FilesMatch>\n'
        "AddType application/manifest+json .webmanifest\n"
        "ErrorDocument 404 /404.html\n"
    )


HOSTS = {"netlify": netlify, "nginx": nginx, "apache": apache}
"""Writers by the name of what reads them; `netlify` is the form that Cloudflare Pages reads too."""
