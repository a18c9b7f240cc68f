"""What is wrong with the settings and the pages, found before anything is built: every mistake at once, each with file, line and remedy.

MkDocs finds some of it too, page by page while it builds, and names no line.
"""

from __future__ import annotations

import contextlib
import inspect
import posixpath
import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, TemplateSyntaxError, UndefinedError
from markdown.util import get_installed_extensions

from microsite import places
from microsite.edition import HEAD, WORDS, Edition, Page, PageError
from microsite.load import FAST, ROOT, Mistake, below, near, read_yaml, shown
from microsite.model import UNFIT, Facts
from microsite.settings import settings_of

NUMBERS_ALLOWED = {
    "CC BY 4.0": "the name of a licence",
    "UTF-8": "the name of a character set",
}
"""Digits that are part of a name. Every other digit comes from a macro."""
_HEADING = re.compile(r"^(#+) (.*)$")
_OWN_ID = re.compile(r"\{:? ?#([\w-]+) ?\}\s*$")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)")
_RAW = re.compile(r"</?[a-zA-Z][^>]*>?")


def blank(pattern: str, text: str, by: str = "", flags: int = re.S) -> str:
    """The text without what matches, but with its line breaks, so that a line keeps its number."""
    return re.sub(pattern, lambda match: by + "\n" * match[0].count("\n"), text, flags=flags)


def prose(markdown: str) -> str:
    """A page's words as its author typed them: without front matter, code, macros (each leaves an X), link targets and attributes."""
    text = blank(r"```.*?```|`[^`]*`", blank(HEAD.pattern, markdown))
    text = blank(r"^\{\{[^{}]*\}\}$", text, flags=re.M)
    text = blank(r"\{\{ cite\(.*?\) \}\}", text)
    text = blank(r"\{\{.*?\}\}", text, "X")
    text = blank(r"\{ ?[#.:][^}\n]*\}", text)
    text = blank(r"\]\([^)]*\)|<https?://[^>]*>", text, "]")
    text = re.sub(r"^(\s*)\d+\. ", r"\1- ", text, flags=re.M)  # the numbers of a list are its own
    for name in NUMBERS_ALLOWED:
        text = text.replace(name, "")
    return text


# --- settings --------------------------------------------------------------------------------------------------------


def settings(path: Path) -> Iterator[Mistake]:
    """What is wrong with the settings of an edition."""
    values, wrong = read_yaml(path)
    yield from wrong
    if wrong:
        return
    if not isinstance(values, dict):
        yield Mistake(shown(path), 1, "", "holds no settings; each is a line such as 'site_name: ...'")
        return
    nodes = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=FAST)
    known = {"markdown_extensions": {entry.name for entry in get_installed_extensions()}}
    # The site can be built without it.
    if find_spec("mkdocs"):
        from mkdocs.config.defaults import MkDocsConfig
        from mkdocs.plugins import get_plugins

        known = {
            "": {name for name, _ in MkDocsConfig()._schema} | {"INHERIT"},
            "plugins": {name.rpartition("/")[2] for name in get_plugins()},
            **known,
        }
    for where, names in known.items():
        node = below(nodes, where) if where else nodes
        for name, line in _names(node):
            if name not in names and not (where == "markdown_extensions" and _is_module(name)):
                what = f"no {'setting' if not where else where[:-1].replace('_', ' ')} is called '{name}'"
                yield Mistake(shown(path), line, where, what + (near(name, names) or "; take it out, or install what brings it"))
    docs = path.parent / str(values.get("docs_dir", "docs"))
    if docs.is_dir():
        yield from _menu(path, below(nodes, "nav"), docs)
    else:
        line = next((line for name, line in _names(nodes) if name == "docs_dir"), 1)
        yield Mistake(shown(path), line, "docs_dir", f"there is no folder '{values.get('docs_dir', 'docs')}'; name the one with the pages of this edition")


def _is_module(name: str) -> bool:
    try:
        return find_spec(name.partition(":")[0]) is not None
    except (ImportError, ValueError):
        return False


def _names(node: Any) -> Iterator[tuple[str, int]]:
    """The keys of a map or the words of a list, with their lines."""
    for item in getattr(node, "value", ()) if node is not None else ():
        key = item[0] if isinstance(item, tuple) else item.value[0][0] if isinstance(item, yaml.MappingNode) else item
        yield key.value, key.start_mark.line + 1


def _menu(path: Path, node: Any, docs: Path) -> Iterator[Mistake]:
    """The menu names every page of the edition once, and no other."""
    pages = sorted(src for file in docs.rglob("*.md") if not (src := file.relative_to(docs).as_posix()).startswith(places.MATERIALS))
    seen: dict[str, int] = {}
    for src, line in _leaves(node):
        if src in seen:
            yield Mistake(shown(path), line, "nav", f"'{src}' stands in the menu already, in line {seen[src]}; keep one")
        elif src not in pages and not re.match(r"https?://", src):
            yield Mistake(shown(path), line, "nav", f"there is no page '{src}' in {shown(docs)}/{near(src, pages) or '; write it, or take it out of the menu'}")
        seen[src] = line
    line = node.start_mark.line if node else 1
    forgotten = [src for src in pages if src not in seen]
    # A page that is misspelt in the menu is told already.
    misspelt = [src for src in seen if src not in pages]
    for src in forgotten:
        if not near(src, misspelt):
            yield Mistake(shown(path), line, "nav", f"no entry leads to the page '{src}' of {shown(docs)}/; add it to the menu")


def _leaves(node: Any) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.ScalarNode):
        yield node.value, node.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _leaves(item)
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from _leaves(value)


# --- editions and their words ----------------------------------------------------------------------------------------

NEEDED = ("frame", "amounts", "certainty", "dates")
"""What every edition says in its own words, complete or not: the frame of its pages, and what stands within its sentences."""


def editions(facts: Facts) -> Iterator[Mistake]:
    """Languages and settings that do not belong together: each language of the site has settings, which name it and its folder."""
    known = {settings_of(language): language for language in facts["languages"]}
    for path, language in known.items():
        values, wrong = read_yaml(path)
        if wrong:
            first = path.name == "mkdocs.yml"
            remedy = "put the file back" if first else f"write it, beginning with 'INHERIT: mkdocs.yml', or take '{language}' out of data/languages.yml"
            yield Mistake(shown(path), 1, "", f"there are no settings for the language '{language}'; {remedy}")
            continue
        nodes = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=FAST)
        for keys, right in ((("docs_dir",), f"docs/{language}"), (("theme", "language"), language)):
            found, node = values, nodes
            for key in keys:
                found, node = found.get(key) if isinstance(found, dict) else None, below(node, key) or node
            if found != right:
                name = ".".join(keys)
                yield Mistake(shown(path), node.start_mark.line + 1, name, f"is {found!r}; in the settings of '{language}' it is '{right}'")
    for path in sorted(ROOT.glob("mkdocs.*.yml")):
        if re.fullmatch(r"mkdocs\.[a-z]{2,3}\.yml", path.name) and path not in known:
            yield Mistake(shown(path), 1, "", "data/languages.yml has no such language; enter it there, or take this file away")


def words(facts: Facts, path: Path = WORDS) -> Iterator[Mistake]:
    """Words of the forms that an edition lacks: one that is complete has all of them, another those of NEEDED."""
    languages = facts["languages"]

    def lacking(node: yaml.Node, keys: tuple[str, ...]) -> Iterator[Mistake]:
        if not isinstance(node, yaml.MappingNode):
            return
        parts = {key.value: value for key, value in node.value}
        if not languages.keys() & parts.keys():
            for key, value in parts.items():
                yield from lacking(value, (*keys, key))
        elif missing := [name for name, one in languages.items() if name not in parts and (one.complete or keys[0] in NEEDED)]:
            yield Mistake(shown(path), node.start_mark.line + 1, ".".join(keys), f"the words are missing in: {', '.join(missing)}; write them")

    _, wrong = read_yaml(path)
    yield from wrong or lacking(yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=FAST), ())


# --- a page as it is typed -------------------------------------------------------------------------------------------


def read(path: Path) -> tuple[str, list[Mistake]]:
    """A page's text, and what is wrong with it as a file."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return "", [Mistake(shown(path), line, "", f"is not UTF-8 (byte {content[error.start]:#04x}); save it as UTF-8")]
    if unfit := UNFIT.search(text):
        line = text[: unfit.start()].count("\n") + 1
        return "", [Mistake(shown(path), line, "", f"holds the control character U+{ord(unfit[0]):04X}; take it out")]
    if not text.strip():
        return "", [Mistake(shown(path), 1, "", "is empty; begin it with its title, '# Title'")]
    return text, []


def typed(text: str) -> Iterator[tuple[int, str]]:
    """What is wrong with a page as it is typed, as (line, what): macros that cannot be read, else markup, headings, numbers and quotation marks."""
    if head := HEAD.match(text):
        try:
            if not isinstance(yaml.safe_load(head[1]), dict):
                yield 1, "the lines between the '---' are no settings; each is a line such as 'description: ...'"
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            yield (mark.line + 2 if mark else 1), f"the lines between the '---' are not YAML: {getattr(error, 'problem', error)}; put texts in quotes"
            return
    try:
        Environment().parse(text)
    except TemplateSyntaxError as error:
        yield error.lineno, f"a macro cannot be read: {str(error.message).rstrip('.')}; write {{{{ name('id') }}}}, and an id of a heading as {{ #id }}, with spaces"
        return
    yield from _headings(blank(r"```.*?```", blank(HEAD.pattern, text)))
    for line, words in enumerate(prose(text).splitlines(), 1):
        if found := _RAW.search(words):
            yield line, f"raw HTML ({found[0][:40]}); write it in Markdown, or as a macro"
        elif found := re.search(r"\"|(?<=\w)'|'(?=\w)", words):
            yield line, f"a straight quotation mark ({words[max(0, found.start() - 12) : found.end() + 12].strip()}); write “ ” ‘ ’ or « »"
        elif found := re.search(r"\S*\d\S*", words):
            yield line, f"a bare number ({found[0][:40]}); let it come from the data, by a macro such as figure('…') or year('…')"


def _headings(text: str) -> Iterator[tuple[int, str]]:
    seen: dict[str, int] = {}
    last = 0
    for line, words in enumerate(text.splitlines(), 1):
        if not (match := _HEADING.match(words)):
            continue
        level = len(match[1])
        if level > last + 1:
            yield line, f"a heading of level {level} below one of level {last}; no level may be left out: write '{'#' * (last + 1)}'"
        elif level == 1 and last:
            yield line, "a second title; a page has one, and its sections begin with '##'"
        last = level
        own = _OWN_ID.search(words)
        if "{{" in words:
            yield line, "a macro in a heading stays unrendered in the browser's tab and the search; write words"
        elif level > 1 and not own:
            yield line, f"the heading '{match[2].strip()[:40]}' has no id of its own; end it with one that both editions share, such as {{ #why }}"
        elif own and own[1] in seen:
            yield line, f"another heading has the id '{own[1]}' (line {seen[own[1]]}); ids are unique on a page"
        if own:
            seen.setdefault(own[1], line)


# --- pages with their macros run -------------------------------------------------------------------------------------


def pages(edition: Edition) -> Iterator[Mistake]:
    """What is wrong with the pages of an edition, and with the materials of its lessons. Its macros must be bound."""
    texts: dict[str, str] = {}
    broken: set[str] = set()
    unreadable = False
    for path in sorted(edition.docs.rglob("*.md")):
        src = path.relative_to(edition.docs).as_posix()
        texts[src], wrong = read(path)
        unreadable = unreadable or bool(wrong)
        yield from wrong
        if not wrong and not src.startswith(places.MATERIALS):
            for line, what in typed(texts[src]):
                broken |= {src} if what.startswith("a macro cannot be read") else set()
                yield Mistake(shown(path), line, "", what)
    # A macro may ask for any page.
    if unreadable:
        return
    run, failures = _run(edition, {src: text for src, text in texts.items() if src not in broken})
    for src, error in failures.items():
        yield failing(edition, src, error)
    for src in run:
        if not src.startswith(places.MATERIALS):
            yield from (Mistake(shown(edition.docs / src), line, "", what) for line, what in links(src, texts[src], run))


def _run(edition: Edition, texts: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Exception]]:
    """The pages and materials with their macros run, and why those of others fail."""
    with contextlib.suppress(Exception):
        _ = edition.usage
    # Which pages use what can be said of sound pages only; asked for it, a macro on another page would fail for a fault that is not its own.
    sound = "usage" in edition.__dict__
    run: dict[str, str] = {}
    failures: dict[str, Exception] = {}
    try:
        edition.__dict__.setdefault("usage", {})
        for src, text in texts.items():
            try:
                made = sound and not src.startswith(places.MATERIALS)
                run[src] = edition.render(src) if made else edition.run(blank(HEAD.pattern, text), Page(edition, src))
            except Exception as error:
                failures[src] = error
    finally:
        if not sound:
            del edition.__dict__["usage"]
    return run, failures


def failing(edition: Edition, src: str, error: Exception) -> Mistake:
    """Why the macros of a page fail, in words."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
    line = (error.lineno if isinstance(error, TemplateSyntaxError) else lines[-1] if lines else None) or 1
    what = str(error).removeprefix(f"{src}: ")
    if isinstance(error, UndefinedError) and (name := re.search(r"'(\w+)' is undefined", what)):
        what = f"there is no macro '{name[1]}'{near(name[1], edition.macros) or '; macros.py lists all that there are'}"
    elif isinstance(error, TemplateSyntaxError):
        what = f"a macro cannot be read: {str(error.message).rstrip('.')}; the words of pages are macros, not filters"
    elif found := re.match(r"(\w+)\(\): (?:missing|too many|got|multiple)", what):
        what += f"; write {found[1]}{_shown(edition.macros[found[1]])}"
    elif isinstance(error, PageError) and ";" not in what:
        what += "; name one that there is"
    elif not isinstance(error, PageError):
        what = f"a macro fails: {type(error).__name__}: {what}; see in microsite/forms/ what it wants"
    return Mistake(shown(edition.docs / src), line, "", what)


def _shown(macro: Callable[..., Any]) -> str:
    """What a macro may be given, as somebody who calls it writes it."""
    _, *given = inspect.signature(macro).parameters.values()
    return "(" + ", ".join(str(one.replace(annotation=one.empty)) for one in given) + ")"


def links(src: str, text: str, run: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """The links of a page, as typed, that lead nowhere, as (line, what). `run` are all pages with their macros run."""
    for line, words in enumerate(blank(r"```.*?```|`[^`]*`|\{\{.*?\}\}", text).splitlines(), 1):
        for target in _LINK.findall(words):
            path, _, anchor = target.partition("#")
            if re.match(r"https?://|mailto:", target):
                continue
            if re.match(r"[a-z]+:|//", target):
                yield line, f"the link '{target}' leads nowhere from disk; begin it with https:// or with the path of a page"
            elif path.startswith("/"):
                yield line, f"the link '{target}' begins with '/' and does not work from disk; begin it at this page, with '../' for the folder above"
            elif path and not path.endswith(".md"):
                yield line, f"the link '{target}' leads to no page; name a page as it is in the folder, with .md, and a file by a macro"
            else:
                page = posixpath.normpath(posixpath.join(posixpath.dirname(src), path)) if path else src
                if page not in run:
                    yield line, f"the link '{target}' leads to no page{near(page, run) or '; name one that is in the folder'}"
                elif anchor and anchor not in (known := _ids(run[page])):
                    yield line, f"the link '{target}' leads to no section: {page} has no id '{anchor}'{near(anchor, known) or '; name one that stands there'}"


def _ids(markdown: str) -> list[str]:
    """The ids of a page with its macros run: those of headings, and those within macros' HTML."""
    return [one or other for one, other in re.findall(r"^#+ .*\{:? ?#([\w-]+) ?\}\s*$|\bid=\"([^\"]+)\"", markdown, re.M)]
