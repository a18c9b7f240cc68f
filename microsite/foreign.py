"""Words that an edition lacks and shows in another language: in HTML they say so, elsewhere they are words like any others."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

CSS = "untranslated"
"""The class of such words. A page that has them says so in a note; see `theme/main.html`."""
_OPEN = re.compile(rf"<span lang=([a-z]+) class={CSS}>")
_IN_ATTRIBUTE = re.compile(rf'="[^"]*<span lang=[a-z]+ class={CSS}>[^"]*"')


class Foreign(str):
    """Words in another language than that of the page they stand on."""

    language: str

    def __new__(cls, words: str, language: str) -> Foreign:
        made = super().__new__(cls, words)
        made.language = language
        return made

    def __html__(self) -> Markup:
        # Without quotation marks, so that `settled` can tell one in an attribute from one in the text.
        return Markup("<span lang={} class={}>{}</span>").format(self.language, CSS, str(self))

    def format(self, *args: Any, **kwargs: Any) -> Foreign:
        return Foreign(super().format(*args, **kwargs), self.language)


def settled(html: str) -> str:
    """A piece of HTML with the marks of such words as HTML wants them: none within attributes, which hold no marks."""
    html = _IN_ATTRIBUTE.sub(lambda found: _OPEN.sub("", found[0]).replace("</span>", ""), html)
    return _OPEN.sub(rf'<span lang="\1" class="{CSS}">', html)
