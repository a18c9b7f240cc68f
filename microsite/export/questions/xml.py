"""The two small words that both XML formats are written with, on the DOM of the standard library, which can write CDATA."""

from __future__ import annotations

from html import escape
from xml.dom.minidom import Document, Element


def new(root: str, comment: str, **attributes: str) -> tuple[Document, Element]:
    """A document with its root element and, before it, a comment."""
    document = Document()
    document.appendChild(document.createComment(f" {comment.replace('--', '–')} "))
    made = document.createElement(root)
    for name, value in attributes.items():
        made.setAttribute(name.replace("_", ":"), value)
    document.appendChild(made)
    return document, made


def add(parent: Element, name: str, text: str | int | None = None, *, cdata: bool = False, **attributes: str) -> Element:
    """A new element within another, with its text if it has any."""
    document = parent.ownerDocument
    made = document.createElement(name)
    for key, value in attributes.items():
        made.setAttribute(key, value)
    if text is not None:
        made.appendChild(document.createCDATASection(str(text)) if cdata else document.createTextNode(str(text)))
    parent.appendChild(made)
    return made


def paragraphs(*texts: str) -> str:
    """Plain texts as HTML, a paragraph each."""
    return "".join(f"<p>{escape(text, quote=False)}</p>" for text in texts)


def written(document: Document) -> bytes:
    """The document with an element a line where that changes no text."""
    return document.toprettyxml(indent=" ", newl="\n", encoding="UTF-8")
