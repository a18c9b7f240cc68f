"""A Markdown extension: a block of HTML that stands alone, as macros write them, is put aside whole. Markdown would leave it as it is too, but
only after reading it tag by tag, which is most of its work on pages that are made from data."""

from __future__ import annotations

import re

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

_BLOCK = re.compile(r"(?:(?<=\n\n)|\A)<(\w+)\b.*(?:\n.+)*")
"""From an empty line to the next."""


class _PutAside(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        def put(found: re.Match[str]) -> str:
            block, tag = found[0], found[1]
            # One that is not closed goes on after the empty line.
            closed = block.endswith(f"</{tag}>") and len(re.findall(rf"<{tag}\b", block)) == block.count(f"</{tag}>")
            return self.md.htmlStash.store(block) if closed and tag in self.md.block_level_elements else block

        return _BLOCK.sub(put, "\n".join(lines)).split("\n")


class WholeBlocks(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802, named by Python-Markdown
        # After line ends are made one (30), before HTML is looked for (20).
        md.preprocessors.register(_PutAside(md), "whole-blocks", 25)
