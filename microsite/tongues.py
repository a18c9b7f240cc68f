"""Names, titles and phrases that an edition's text leaves in another language: in HTML they say which, so that they are read out right.

The data hold no markup, and what is quoted is the same on a page, a sheet and in the book. So `templates/tongues.yml` lists the words, and
they are marked wherever they stand.
"""

from __future__ import annotations

import functools
import re

import yaml
from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor

from microsite.edition import TEMPLATES
from microsite.load import FAST

_TAG = re.compile(r"""(<!--.*?-->|</?[a-zA-Z](?:[^>"']|"[^"]*"|'[^']*')*>)""", re.S)
_NAME = re.compile(r"</?([a-zA-Z][\w:-]*)")
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_PLAIN = {"script", "style", "title", "textarea", "option", "code", "svg", "cite"}
"""Elements that hold no marks, or names and code that are marked in their own way."""


@functools.cache
def phrases(language: str) -> dict[str, str]:
    """What an edition's text has in other languages: phrase -> language. One in quotation marks is meant only where it stands in such."""
    read = yaml.load((TEMPLATES / "tongues.yml").read_text(encoding="utf-8"), Loader=FAST)
    return {phrase: tongue for tongue, found in read.get(language, {}).items() for phrase in found}


@functools.cache
def _pattern(found: tuple[str, ...]) -> re.Pattern[str]:
    """Any of these phrases, the longest first."""

    def one(phrase: str) -> str:
        if phrase[0] in "«“":
            return rf"(?<={re.escape(phrase[0])}){re.escape(_bare(phrase))}(?={re.escape(phrase[-1])})"
        return rf"(?<![\w-]){re.escape(phrase)}(?![\w-])"

    return re.compile("|".join(map(one, sorted(found, key=len, reverse=True))))


def _bare(phrase: str) -> str:
    return phrase.strip("«»“”")


def mark(html: str, language: str) -> str:
    """HTML with such phrases marked, but for those that are within an element which says its language already."""
    # Most texts have none; to look for a few words is much faster than to try all at each letter.
    found = tuple(phrase for phrase in phrases(language) if _bare(phrase) in html)
    if not found:
        return html
    pattern = _pattern(found)
    known = {_bare(phrase): phrases(language)[phrase] for phrase in found}
    parts = _TAG.split(html)
    open_elements: list[tuple[str, bool]] = []
    for place, part in enumerate(parts):
        if place % 2 == 0:
            if any(map(part.__contains__, known)) and not (open_elements and open_elements[-1][1]):
                parts[place] = pattern.sub(lambda found: f'<span lang="{known[found[0]]}">{found[0]}</span>', part)
        elif name := _NAME.match(part):
            tag = name[1].lower()
            if part.startswith("</"):
                while open_elements and open_elements.pop()[0] != tag:
                    pass
            elif tag not in _VOID and not part.endswith("/>"):
                left = tag in _PLAIN or bool(re.search(r"\slang=", part))
                open_elements.append((tag, left or bool(open_elements and open_elements[-1][1])))
    return "".join(parts)


class _Mark(Postprocessor):
    def __init__(self, md: Markdown, language: str) -> None:
        super().__init__(md)
        self.language = language

    def run(self, text: str) -> str:
        return mark(text, self.language)


class Tongues(Extension):
    """A Markdown extension: the phrases are marked once all of a page is HTML."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802, named by Python-Markdown
        md.postprocessors.register(_Mark(md, self.language), "tongues", 1)
