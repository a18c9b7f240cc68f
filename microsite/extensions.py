"""What of our own every page's Markdown goes through. A module of this form can be named in the settings of Zensical, which take no objects."""

from __future__ import annotations

from typing import Any

from markdown import Markdown
from markdown.extensions import Extension

from microsite.tongues import Tongues
from microsite.wide_tables import WideTables
from microsite.whole_blocks import WholeBlocks


def extensions(language: str) -> list[Extension]:
    """The Markdown extensions for the pages of one edition."""
    return [WholeBlocks(), WideTables(), Tongues(language)]


class Ours(Extension):
    """All of them in one."""

    def __init__(self, **settings: Any) -> None:
        self.config = {"language": ["en", "the edition's language"]}
        super().__init__(**settings)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802, named by Python-Markdown
        for extension in extensions(self.getConfig("language")):
            extension.extendMarkdown(md)


def makeExtension(**settings: Any) -> Ours:  # noqa: N802, named by Python-Markdown
    return Ours(**settings)
