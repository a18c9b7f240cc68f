"""One edition of the site: the facts, told in one language. Its `Page`s know what they have used and where links lead."""

from __future__ import annotations

import functools
import inspect
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from babel.lists import format_list
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from microsite import places
from microsite.foreign import Foreign, settled
from microsite.load import FAST, ROOT, load, near
from microsite.model import Facts, Figure, Observation, Quotation, Record, Unit
from microsite.settings import site_name, site_url
from microsite.sums import Number
from microsite.text import citations, dates, numbers

CACHE = ROOT / ".cache"
TEMPLATES = Path(__file__).resolve().parent / "templates"
WORDS = TEMPLATES / "words.yml"
ICONS = ROOT / "theme" / ".icons"
HEAD = re.compile(r"\A---\n(.*?\n)---\n", re.S)
"""The front matter of a page or material, before its text."""


class PageError(Exception):
    """A page asks for something that cannot be given. Its text names the page, the macro, what is wrong and what would be right."""


@dataclass(frozen=True)
class Call:
    """What a macro gave on a page that was written ahead. It holds for good unless the macro asked which pages use what."""

    name: str
    arguments: tuple[tuple[Any, ...], dict[str, Any]]
    result: Any
    holds: bool


class _NotYet(Mapping[str, "Page"]):
    """The usage of an edition while it is being found out: empty, and it remembers whether it was asked."""

    asked = False

    def __getitem__(self, src: str) -> Page:
        self.asked = True
        raise KeyError(src)

    def __iter__(self) -> Iterator[str]:
        self.asked = True
        return iter(())

    def __len__(self) -> int:
        self.asked = True
        return 0


@dataclass
class Page:
    """What one page has used so far. `sources` stand in the order of their first use: that is their number on the page."""

    edition: Edition
    src: str
    """The page's path below `docs/<language>/`, such as `tradition/rochdale.md`."""
    sources: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    """For each source of the page, the (kind, id) of the records it was used for; empty for a plain citation."""
    used: dict[tuple[str, str], None] = field(default_factory=dict)
    terms: set[str] = field(default_factory=set)
    calls: list[Call] | None = None
    """While the page is written ahead (see `Edition.usage`): what each macro gave. None at other times."""
    again: Iterator[Call] = iter(())
    """When a page that was written ahead is written for good: what its macros gave then, in their order."""
    _addresses: dict[str, str] = field(default_factory=dict)
    """Those of other pages that were asked for, relative to this one."""

    def get(self, kind: str, record_id: str, macro: str, *, told: bool = False) -> Any:
        """The record, noted as used here; raises PageError if there is none.

        A record that is `told` here brings its sources to the page; one that is only named has them at its own place.
        """
        records = self.edition.facts[kind]
        if record_id not in records:
            raise self.fail(f"{macro}('{record_id}'): no record '{record_id}' in data/{kind}.yml{near(str(record_id), records)}")
        record = records[record_id]
        self.use(kind, record, record.sources if told else ())
        return record

    def use(self, kind: str, record: Record, sources: Iterable[str] = ()) -> None:
        """Note that the page shows a record, and rests on these sources for it."""
        self.used[kind, record.id] = None
        if kind == "sources":
            self.sources.setdefault(record.id, set())
        for source in sources:
            self.sources.setdefault(source, set()).add((kind, record.id))

    def number_of(self, source: str) -> int:
        """The number of a source on this page, from 1."""
        self.sources.setdefault(source, set())
        return list(self.sources).index(source) + 1

    def fail(self, message: str) -> PageError:
        return PageError(f"{self.src}: {message}")

    # --- links -------------------------------------------------------------------------------------------------------

    def file(self, path: str) -> str:
        """The relative address of a file that both editions share, such as `open-data/figures.csv`."""
        return posixpath.relpath(path, posixpath.join(self.edition.root, posixpath.dirname(self.src)) or ".")

    def size(self, path: str) -> Markup:
        """The gap where the build says how large such a file is, once it is written; see `microsite/finish/sizes.py`."""
        return Markup('<span data-size-of="{}"></span>').format(path)

    def href(self, kind: str, record_id: str) -> str:
        """The relative address of a record's place."""
        return self.to(*self._home(kind, record_id))

    def _home(self, kind: str, record_id: str) -> tuple[str, str]:
        found = places.home(self.edition.facts, kind, record_id)
        if found is None:
            raise self.fail(f"{kind} have no place of their own to link to ('{record_id}')")
        return found

    def ref(self, kind: str, record_id: str) -> Markup:
        """A record's name, linked to its place if its kind has one."""
        name = self.edition.name(kind, record_id)
        return self.link(kind, record_id, name) if places.home(self.edition.facts, kind, record_id) else escape(name)

    def refs(self, records: Iterable[tuple[str, str]]) -> list[Markup]:
        """The names of some records, linked; two that look the same are told once."""
        return list(dict.fromkeys(self.ref(kind, record_id) for kind, record_id in records))

    def is_home(self, kind: str, record_id: str) -> bool:
        """Whether this is the page where the record has its place, so that its id may stand here."""
        return self._home(kind, record_id)[0] == self.src

    def to(self, src: str, anchor: str = "") -> str:
        """The relative address of a page of this edition, or of its English twin while this edition has none."""
        if src == self.src and anchor:
            return f"#{anchor}"
        if src not in self._addresses:
            here = posixpath.join(self.edition.root, posixpath.dirname(self.src))
            root = self.edition.root if self.edition.has_page(src) else ""
            self._addresses[src] = posixpath.relpath(posixpath.join(root, src.removesuffix(".md") + ".html"), here or ".")
        return self._addresses[src] + (f"#{anchor}" if anchor else "")

    def foreign(self, src: str) -> str:
        """The attribute that tells a link to another edition's page; empty for a page of this one."""
        return Markup("") if self.edition.has_page(src) else Markup(f' hreflang="{self.edition.fallback}"')

    def link(self, kind: str, record_id: str, words: str, css: str = "") -> Markup:
        """An inline link to a record's place."""
        src, anchor = self._home(kind, record_id)
        css_class = Markup(' class="{}"').format(css) if css else ""
        return Markup('<a{} href="{}"{}>{}</a>').format(css_class, self.to(src, anchor), self.foreign(src), words)

    def render(self, template: str, **values: Any) -> Markup:
        """A fragment from `templates/`, as one HTML block that Markdown leaves alone."""
        html = self.edition.templates.get_template(f"{template}.html").render(page=self, **values)
        return Markup("\n".join(line.strip() for line in html.splitlines() if line.strip()))


class Edition:
    """The facts in one language, with that language's words, number and date forms, citations and pages."""

    def __init__(self, language: str, facts: Facts | None = None, docs: Path = ROOT / "docs", cache: Path = CACHE) -> None:
        self.facts = facts or load()
        self.language = language
        self.fallback = next(iter(self.facts["languages"]))
        self.root = "" if language == self.fallback else language
        self.docs = docs / language
        self.locale: str = self.facts["languages"][language].locale
        self.complete: bool = self.facts["languages"][language].complete
        self.cache = cache
        self.words = words(language, self.fallback)
        self.macros: Mapping[str, Callable[..., Any]] = {}
        self._pages: dict[str, tuple[Any, Page]] = {}
        self._kept: dict[Any, Any] = {}
        self._ahead: dict[str, tuple[Page, list[Call], str]] = {}
        self._not_yet = _NotYet()

    @functools.cached_property
    def templates(self) -> Environment:
        """The fragments' environment: autoescaped, and with the few words of formatting that every fragment needs."""
        made = Environment(
            # Templates stay as they are while a build lasts; a preview makes the edition anew.
            loader=FileSystemLoader((TEMPLATES, ICONS)), autoescape=True, undefined=StrictUndefined, lstrip_blocks=True, auto_reload=False,
        )  # fmt: skip
        made.filters |= {
            "t": self.text, "date": self.date, "years": self.years, "value": self.value, "machine": dates.machine,
            "names": lambda ids, kind: [self.name(kind, record_id) for record_id in ids],
        }  # fmt: skip
        made.globals |= {"w": self.words, "edition": self, "facts": self.facts, "name": self.name}
        return made

    @functools.cached_property
    def citations(self) -> Mapping[str, citations.Citation]:
        csl = self.facts["languages"][self.language].csl
        return citations.cite(self.facts["sources"].values(), csl, self.cache)

    def cite_part(self, title: str, address: str, day: str, version: str = "", authors: Sequence[str] = ()) -> Markup:
        """How to cite a part of this site as of a day (ISO 8601), in the form that the `citations` of others' works have.

        Without authors the title comes first, as there. These are a thousand of one form, which need no citation processor.
        """
        words = self.words["cited_part"]
        named = Markup(words["title"]).format(title) + ("" if title.endswith(("?", "!")) else ".")
        year = f"{day[:4]}."
        first = [Markup("{}.").format(format_list(authors, locale=self.locale)), year, named] if authors else [named, year]
        where = Markup("In <em>{}</em>{}.").format(site_name(self.language), words["version"].format(version) if version else "")
        return Markup(" ").join([*first, where, f"{self.date(day)}.", Markup('<a href="{0}">{0}</a>.').format(address)])

    def cite_series(self, figure: Figure) -> Markup:
        """How to cite a series of figures, as of the day on which a value was last compared with its source."""
        day = max(observation.reviewed for observation in figure.observations)
        return self.cite_part(self.text(figure.title), self.address(places.figure_page(self.facts, figure), figure.id), day)

    @property
    def published(self) -> str:
        """The published address of the edition's root."""
        return site_url() + (f"{self.root}/" if self.root else "")

    def address(self, src: str, anchor: str = "") -> str:
        """The published address of a page: this edition's, or its English twin's while this edition has none."""
        path = posixpath.join(self.root if self.has_page(src) else "", src.removesuffix(".md") + ".html")
        return site_url() + path + (f"#{anchor}" if anchor else "")

    @property
    def pages(self) -> list[str]:
        """The edition's pages, by their paths below its folder."""
        return list(self._sources_of_pages)

    def has_page(self, src: str) -> bool:
        return src in self._sources_of_pages

    def is_anywhere(self, src: str) -> bool:
        """Whether this edition or the first has a page."""
        return self.has_page(src) or (self.docs.parent / self.fallback / src).is_file()

    @functools.cached_property
    def _sources_of_pages(self) -> Mapping[str, Path]:
        found = {path.relative_to(self.docs).as_posix(): path for path in sorted(self.docs.rglob("*.md"))}
        return {src: path for src, path in found.items() if not src.startswith(places.MATERIALS)}

    def page(self, src: str, token: Any = None) -> Page:
        """The page being written. A new `token` (the engine's page object) means that it is written anew."""
        known = self._pages.get(src)
        if known is None or known[0] is not token:
            known = self._pages[src] = (token, self._afresh(src))
        return known[1]

    def _afresh(self, src: str) -> Page:
        """A page to write; one that was written ahead knows what it used, and what its macros gave."""
        if not (ahead := self._ahead.get(src)):
            return Page(self, src)
        page, calls, _ = ahead
        return Page(self, src, {id: set(records) for id, records in page.sources.items()}, dict(page.used), set(page.terms), again=iter(calls))

    def bind(self, functions: Iterable[Callable[..., Any]]) -> Mapping[str, Callable[..., Any]]:
        """The macros of this edition's pages: each function, given the page that it is called on as its first argument."""
        self.macros = {function.__name__: self._macro(function) for function in functions}
        return self.macros

    def _macro(self, function: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(function)

        @functools.wraps(function)
        @pass_context
        def macro(context: Context, *args: Any, **kwargs: Any) -> Any:
            there = context["page"]
            page = there if isinstance(there, Page) else self.page(there.url.removesuffix(".html") + ".md", there)
            before = next(page.again, None)
            if before and before.holds and (before.name, before.arguments) == (function.__name__, (args, kwargs)):
                return before.result
            try:
                signature.bind(page, *args, **kwargs)
            except TypeError as error:
                raise page.fail(f"{function.__name__}(): {error}") from None
            if page.calls is None:
                return self._settled(function(page, *args, **kwargs))
            self._not_yet.asked = False
            result = self._settled(function(page, *args, **kwargs))
            page.calls.append(Call(function.__name__, (args, kwargs), result, not self._not_yet.asked))
            return result

        return macro

    def _settled(self, result: Any) -> Any:
        return result if self.complete or not isinstance(result, Markup) else Markup(settled(result))

    def kept(self, key: Any, make: Callable[[], Any]) -> Any:
        """What `make` gives, made once for the edition: each page is written more than once in a build."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    # --- words -------------------------------------------------------------------------------------------------------

    def text(self, text: Mapping[str, str]) -> str:
        """A text in this edition's language or, if it has none, in the first edition's, which stands in and says so in HTML."""
        return text[self.language] if self.language in text else Foreign(text[self.fallback], self.fallback)

    def tongue(self, text: Mapping[str, str]) -> str:
        """The language that this edition shows a text in."""
        return self.language if self.language in text else self.fallback

    def date(self, text: str) -> str:
        return dates.date(text, self.locale, self.words["dates"])

    def years(self, text: str) -> str:
        return dates.years(text, self.words["dates"])

    def name(self, kind: str, record_id: str) -> str:
        """The short name that a record goes by."""
        if kind == "areas":
            return self.text(self.facts.area(record_id).name)
        record = self.facts[kind][record_id]
        if kind == "sources":
            return self.citations[record_id].short
        for key in ("title", "name", "term", "claim", "speaker", "headline"):
            if value := getattr(record, key, None):
                return value if isinstance(value, str) else self.text(value)
        return record_id

    def value(self, observation: Observation, unit_id: str, with_unit: bool = True, hedged: bool = False) -> str:
        """An observation's value in words: with its unit or bare, and (hedged) saying how certain it is."""
        shown = self._with_unit([v for v in (observation.value, observation.upper) if v is not None], unit_id, with_unit)
        return self.words["certainty"][observation.certainty].format(shown) if hedged else shown

    def quantity(self, number: Number, with_unit: bool, unit_id: str | None = None) -> str:
        """A number of a text or account in words, with its unit (or that given); money and per cent always show theirs."""
        unit_id = unit_id or number.unit
        return self._with_unit([number.shown], unit_id, with_unit) if unit_id else self.plain(number.shown)

    def plain(self, value: float) -> str:
        """A bare number as this edition writes it."""
        return numbers.number(value, self.locale)

    def _with_unit(self, values: Sequence[float], unit_id: str, with_unit: bool) -> str:
        unit: Unit = self.facts["units"][unit_id]
        written = numbers.money if unit.kind == "money" else numbers.number
        shown = "–".join(written(value, self.locale) for value in values)
        if with_unit or unit.kind in ("money", "per-cent"):
            name = self.text(unit.name if values[-1] == 1 else unit.plural)
            shown = numbers.amount(shown, values[-1], name, unit, self.locale, self.words["amounts"])
        return shown

    def figures_of(self, organisation: str) -> list[Figure]:
        """The series that an organisation's entry shows."""
        return self.kept("figures of", lambda: grouped(self.facts["figures"].values(), lambda figure: [figure.organisation])).get(organisation, [])

    def sources_of_quotation(self, quotation: Quotation) -> tuple[str, ...]:
        """Where this edition's wording stands: the original's sources, after those of the translation if it is one."""
        return quotation.sources if self.tongue(quotation.text) == quotation.original else (*quotation.translation_sources, *quotation.sources)

    def continents_of(self, areas: Iterable[str]) -> list[str]:
        """The continents that some areas lie in, each once."""
        return [continent for continent in dict.fromkeys(map(self.facts.continent, areas)) if continent]

    def century(self, number: int) -> str:
        """A century's name: 19th century, Secolo XIX."""
        return self.words["timeline"]["centuries"][str(number)]

    # --- the whole edition -------------------------------------------------------------------------------------------

    @functools.cached_property
    def usage(self) -> Mapping[str, Page]:
        """What each page of the edition uses, by its path: every page is written once ahead of the build, with its macros.

        While that happens, a page that asks for the usage itself is told that there is none yet. What the other macros gave holds, and is
        not worked out again when the page is written for good.
        """
        self.__dict__["usage"] = self._not_yet
        try:
            pages = {}
            for src in self._sources_of_pages:
                page = pages[src] = Page(self, src, calls=[])
                text = self.run(self._body(src), page)
                self._ahead[src] = (page, page.calls or [], text)
                page.calls = None
            return pages
        finally:
            del self.__dict__["usage"]

    def render(self, src: str, page: Page | None = None) -> str:
        """A page's Markdown with its macros run, as the engine of the build does it."""
        made = self._afresh(src)
        text = self.ahead(src) or self.run(self._body(src), made)
        if page:
            page.sources, page.used, page.terms = made.sources, made.used, made.terms
        return text

    def ahead(self, src: str) -> str | None:
        """The same, if the page was written ahead (see `usage`) and all of it holds."""
        _, calls, text = self._ahead.get(src, (None, (), None))
        return text if all(call.holds for call in calls) else None

    def _body(self, src: str) -> str:
        """A page's text without its front matter."""
        return HEAD.sub("", self._sources_of_pages[src].read_text(encoding="utf-8"))

    def run(self, text: str, page: Page) -> str:
        """Any Markdown with its macros run, on account of a page."""
        return self._environment.from_string(text).render(page=page)

    @functools.cached_property
    def _environment(self) -> Environment:
        made = Environment(undefined=StrictUndefined)
        made.globals |= self.macros
        return made

    def calls(self, macro: str) -> list[tuple[str, str]]:
        """Where the pages call a macro with an id alone, as (page, id), found by their text."""
        found = re.compile(r"\{\{\s*" + macro + r"\('([a-z0-9-]+)'\)\s*\}\}")
        return [(src, record) for src, path in self._sources_of_pages.items() for record in found.findall(path.read_text(encoding="utf-8"))]

    def pages_using(self, kind: str, record_id: str) -> list[str]:
        """The pages that show a record, other than as one of many on its own home page."""
        # While the usage is being found out there is nothing to keep.
        pages = self.usage and self.kept("pages using", lambda: grouped(self.usage, lambda src: self.usage[src].used))
        home = places.home(self.facts, kind, record_id)
        return [src for src in pages.get((kind, record_id), ()) if home is None or src != home[0]]

    def title(self, src: str) -> str:
        """A page's title: its first heading."""

        def make() -> str:
            match = re.search(r"^# (.+?)(?: *\{.*\})?$", self._sources_of_pages[src].read_text(encoding="utf-8"), re.M)
            return match[1] if match else src

        return self.kept(("title", src), make)


def grouped(things: Iterable[Any], keys: Callable[[Any], Iterable[Any]]) -> dict[Any, list[Any]]:
    """The things under each of their keys, in their order: to be asked for often, instead of looking through all of them each time."""
    found: dict[Any, list[Any]] = {}
    for thing in things:
        for key in dict.fromkeys(keys(thing)):
            found.setdefault(key, []).append(thing)
    return found


def edition(language: str) -> Edition:
    """An edition of the site's own pages, made once for as long as neither data nor pages change: both builds and all exports share it."""
    written = tuple((path, path.stat().st_mtime_ns) for path in sorted((ROOT / "docs").rglob("*.md")))
    return _edition(language, load(), written)


@functools.lru_cache(maxsize=16)
def _edition(language: str, facts: Facts, _: Any) -> Edition:
    return Edition(language, facts)


@functools.cache
def words(language: str, fallback: str = "") -> Mapping[str, Any]:
    """The interface words of an edition, from `templates/words.yml`: the same tree for each language, its leaves one text each. What it lacks
    is there in the language `fallback`."""

    def chosen(tree: Any) -> Any:
        if language in tree:
            return tree[language]
        if fallback in tree:
            return Foreign(tree[fallback], fallback)
        return {key: chosen(value) for key, value in tree.items()}

    return chosen(yaml.load(WORDS.read_text(encoding="utf-8"), Loader=FAST))
