"""GIFT, the text format of Moodle that other platforms read too. What it cannot ask, it asks as an essay, and a comment says so."""

from __future__ import annotations

import re

from microsite.export.questions.bank import Choice, Item, Set
from microsite.export.tables import ExportError

ENDING = "gift.txt"


def content(one: Set) -> bytes:
    """UTF-8 without a mark; a blank line between questions and none within."""
    blocks = [f"// {one.about}\n// {one.edition.words['question_files']['readable']}"]
    for category, items in one.categories:
        blocks += [f"$CATEGORY: {category}", *map(_question, items)]
    return ("\n\n".join(blocks) + "\n").encode("utf-8")


def _question(item: Item) -> str:
    # Moodle reads id and tags from a comment.
    comments = [f"// [id:{item.id}] {' '.join(f'[tag:{tag}]' for tag in item.tags)}"]
    stem = item.asked
    lines: list[str]
    if item.type == "truefalse":
        right, wrong = (next(c for c in item.choices if c.right is side) for side in (True, False))
        # The first reason is for those who answered wrongly, whichever answer that was.
        lines = ["TRUE" if item.is_true else "FALSE", f"#{plain(wrong.why)}", f"#{plain(right.why)}"]
    elif item.choices:
        lines = [f"{_mark(item, choice)}{plain(choice.text)}#{plain(choice.why)}" for choice in item.choices]
    elif item.type == "numeric":
        lines = [f"#={number(item.number)}:{number(item.question.tolerance)}"]
    elif item.type == "match":
        # The right side is plain in any case, and a format before it would be taken for a part of it.
        lines = [f"={plain(_side(item, part.text))} -> {escaped(_side(item, part.partner))}" for part in item.parts]
    elif item.type == "short":
        lines = [f"={plain(answer)}" for answer in item.accepted]
    else:
        comments.append(f"// {item.edition.words['question_files']['essay']}")
        stem = "\n".join((stem, *(f"– {part.text}" for part in item.parts)))
        lines = []
    feedback = plain("\n".join(item.whole_feedback))
    return "\n".join((*comments, f"::{escaped(item.id)}::[plain]{escaped(stem)} {{", *lines, f"####{feedback}", "}"))


def _mark(item: Item, choice: Choice) -> str:
    if item.type == "single":
        return "=" if choice.right else "~"
    share = 100 / sum(other.right is choice.right for other in item.choices)
    return f"~%{share if choice.right else -share:.7g}%"


def _side(item: Item, text: str) -> str:
    if "->" in text:
        raise ExportError(f"data/questions.yml: {item.id}: “->” joins the two sides of a pair in GIFT and may stand in none; write “→”")
    return text


def plain(text: str) -> str:
    """A text, escaped; with its format before it where its first sign would be taken for a format or a mark."""
    return ("[plain]" if text.startswith(("[", "%")) else "") + escaped(text)


def escaped(text: str) -> str:
    return re.sub(r"[\\~=#{}:]", r"\\\g<0>", text).replace("\n", r"\n")


def number(value: int | float | None) -> str:
    """A number with all its digits and a point, never with an exponent."""
    assert value is not None
    return str(value) if isinstance(value, int) else f"{value:.10f}".rstrip("0").rstrip(".")
