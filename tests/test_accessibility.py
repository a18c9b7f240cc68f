"""WCAG 2.2 AA: nothing for the rules of axe-core to find on any page, and what rules on a page cannot see, tried out in a browser.

What is asked of a page stands in accessibility.js. Every check is fed a broken page and seen to complain.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import needed
from playwright.sync_api import Browser, Page
from test_headers import TEMPLATES

HERE = Path(__file__).parent
AXE = HERE / "node_modules/axe-core/axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = """async ([tags, within]) => (await axe.run(within, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] })).violations
  .flatMap(found => found.nodes.map(node => `${found.id}: ${node.target.join(" ")}: ${[...node.any, ...node.all, ...node.none].map(one => one.message).join("; ")}`))"""
WIDE, NARROW = (1280, 800), (320, 640)
ZOOMED = (320, 256)
"""A window of 1280 by 1024 at 400 % zoom."""
MODES = [(scheme, size) for size in (WIDE, NARROW) for scheme in ("light", "dark")]
PARTS = 12
"""All pages are tried in so many tests, which workers share."""
FRAMED = [page for page in TEMPLATES if page != "404.html" and not page.startswith("downloads/")]
"""The pages of `TEMPLATES` that have the frame with search and menu."""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that moves nothing about, so that what is measured stands still."""
    context = browser.new_context(offline=True, reduced_motion="reduce", viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


@pytest.fixture
def sample(page: Page, tmp_path: Path) -> Callable[[str], Page]:
    """A function that opens a page with this text in its body."""

    def opened(text: str, head: str = "") -> Page:
        (tmp_path / "sample.html").write_text(
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sample</title>{head}</head><body>{text}</body></html>', "utf-8"
        )
        return visit(page, tmp_path / "sample.html")

    return opened


def visit(page: Page, path: Path) -> Page:
    page.goto(path.as_uri())
    return inject(page, HERE / "accessibility.js")


def inject(page: Page, script: Path) -> Page:
    """Run a script of ours or of a library on the page, whatever its policy."""
    page.evaluate(f"() => {{ {script.read_text('utf-8')}\nwindow.audit ??= typeof audit === 'undefined' ? undefined : audit }}")
    return page


def size(page: Page, width_height: tuple[int, int]) -> None:
    width, height = width_height
    page.set_viewport_size({"width": width, "height": height})


def told(found: dict[str, object]) -> str:
    """What was found, a line each."""
    lines = []
    for where, said in found.items():
        lines += [f"{where}, {line}" for line in told(said).splitlines()] if isinstance(said, dict) else [f"{where}: {one}" for one in said]
    return "\n".join(lines)


def complaints(page: Page, check: str) -> list[str]:
    return page.evaluate(f"() => audit.{check}()")


# The rules of axe-core, on every page ----------------------------------------------------------


def by_rules(page: Page, modes: list[tuple[str, tuple[int, int]]] = MODES, within: str = "html") -> dict[str, list[str]]:
    """Run the rules on the page as it stands, or a part of it, in each mode; return the findings of each mode that has any."""
    needed(AXE.exists(), "axe-core (it comes by npm)")
    inject(page, AXE)
    found = {}
    for scheme, width_height in modes:
        page.emulate_media(color_scheme=scheme)
        size(page, width_height)
        if findings := page.evaluate(RUN, [TAGS, within]):
            found[f"{scheme} {width_height[0]}"] = findings
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_breaks_a_rule(site: Path, page: Page, part: int) -> None:
    """Every page in light at 320 pixels, where it must not scroll sideways either, and in dark at 1280. One page of each template is tried in all four
    modes below; `EVERY_MODE=1` does that for all pages, which takes twice as long."""
    # The largest first, so that each part has its share of them.
    every = sorted(site.rglob("*.html"), key=lambda path: (-path.stat().st_size, path))
    found: dict[str, object] = {}
    for path in every[part::PARTS]:
        visit(page, path)
        name = path.relative_to(site).as_posix()
        if findings := by_rules(page, MODES if os.environ.get("EVERY_MODE") else [("dark", WIDE), ("light", NARROW)]):
            found[name] = findings
        size(page, NARROW)
        if wide := complaints(page, "sideways"):
            found[f"{name}, narrow"] = wide
    assert not found, told(found)


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_template_breaks_a_rule_in_any_mode(site: Path, page: Page, template: str) -> None:
    assert by_rules(visit(page, site / template)) == {}


@pytest.mark.parametrize("template", FRAMED)
def test_the_open_search_breaks_no_rule(site: Path, page: Page, template: str) -> None:
    visit(page, site / template)
    page.locator("#open-search").click()
    page.keyboard.type("coop")
    page.wait_for_function("document.querySelectorAll('.md-search-result__link').length > 0")
    # The page behind is out of reach meanwhile; by itself it has been tried above.
    assert by_rules(page, within="#search") == {}


@pytest.mark.parametrize("template", FRAMED)
def test_the_open_menu_breaks_no_rule(site: Path, page: Page, template: str) -> None:
    visit(page, site / template)
    size(page, NARROW)
    page.locator("#open-menu").click()
    page.wait_for_function("document.getElementById('menu').getClientRects().length > 0")
    assert by_rules(page, [mode for mode in MODES if mode[1] == NARROW], within="#menu") == {}


def test_the_rules_see_what_is_broken(sample: Callable[..., Page]) -> None:
    style = "<style>@media (prefers-color-scheme: dark) { p { color: #eee } } @media (max-width: 400px) { p b { color: #ddd } }</style>"
    found = by_rules(sample("<main><h1>Sample</h1><button></button><p>Pale in the dark <b>and narrow</b></p></main>", style))
    assert all(any(line.startswith("button-name") for line in found[f"{scheme} {width}"]) for scheme in ("light", "dark") for width in (1280, 320))
    pale = {mode for mode, lines in found.items() if any(line.startswith("color-contrast") for line in lines)}
    assert pale == {"dark 1280", "dark 320", "light 320"}
    assert by_rules(sample("<main><h1>Sample</h1><button>Name</button></main>")) == {}


# Focus -----------------------------------------------------------------------------------------


def walk(page: Page, most: int = 400) -> tuple[list[str], list[str]]:
    """Press Tab from the top to the end, or so many times; return what had the focus and all that was wrong with it."""
    seen: list[str] = []
    wrong: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        state = page.evaluate("() => audit.focused()")
        wrong += state["complaints"]
        if state["element"] is None:
            break
        seen.append(state["element"])
    return seen, wrong


@pytest.mark.parametrize("width_height", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_the_focus_can_always_be_seen(site: Path, page: Page, template: str, width_height: tuple[int, int]) -> None:
    size(page, width_height)
    visit(page, site / template)
    seen, wrong = walk(page)
    assert not wrong, "\n".join(wrong)
    assert seen


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('<a href="#" style="position: absolute; left: -900px">Link</a>', "off-screen"),
        ('<a href="#" style="outline: none">Link</a>', "looks the same"),
        ('<a href="#" style="outline: 2px solid transparent">Link</a>', "looks the same"),
        ('<a href="#" style="outline: 3px solid">Link</a>', "looks the same"),
        ('<a href="#" style="display: inline-block; width: 0; height: 0; overflow: hidden">Link</a>', "hidden"),
        ('<a href="#">Link</a><div style="position: fixed; inset: 0; background: white">Over it</div>', "behind something"),
    ],
)
def test_the_walk_sees(sample: Callable[..., Page], text: str, complaint: str) -> None:
    _, wrong = walk(sample(text + '<button style="position: relative">Last</button>', "<style>:focus-visible { outline: 3px solid black }</style>"))
    assert any(complaint in one for one in wrong)


def test_the_walk_lets_a_plain_page_pass(sample: Callable[..., Page]) -> None:
    text = '<a href="#">Link</a> <button>Button</button><p style="margin-top: 2000px"><label><input type="radio"> Field</label>'
    seen, wrong = walk(sample(text, "<style>:focus-visible { outline: 3px solid black }</style>"))
    assert (len(seen), wrong) == (3, [])


# Single keys -----------------------------------------------------------------------------------

KEYS = "npsf,./"
STATE = """() => [location.href, document.documentElement.outerHTML, document.activeElement.outerHTML.slice(0, 200), scrollX, scrollY,
  document.querySelectorAll("dialog[open], :popover-open").length]"""


def keys_that_act(page: Page) -> list[str]:
    """The single keys that change anything, pressed outside every field."""
    # A lesson makes its questions answerable one after the other: whatever the page does by itself is over first.
    state = None
    while state != (state := page.evaluate(STATE)):
        page.wait_for_timeout(100)
    acting = []
    for key in KEYS:
        before = page.evaluate(STATE)
        page.keyboard.press(key)
        # What a key sets off has been done when two frames are drawn.
        page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        if page.evaluate(STATE) != before:
            acting.append(key)
    return acting


@pytest.mark.parametrize("template", ["index.html", "tradition/rochdale.html", "lessons/l01.html", "it/index.html"])
def test_no_single_key_does_anything(site: Path, page: Page, template: str) -> None:
    visit(page, site / template)
    assert keys_that_act(page) == []
    page.keyboard.press("Tab")
    assert keys_that_act(page) == []


def test_the_check_sees_keys_that_act(sample: Callable[..., Page]) -> None:
    script = "<script>addEventListener('keydown', e => { if (e.key === 'n') location.hash = 'next'; if (e.key === '/') document.querySelector('input').focus() })</script>"
    assert keys_that_act(sample("<input>", script)) == ["n"] or keys_that_act(sample("<input>", script)) == ["n", "/"]


# Colours ---------------------------------------------------------------------------------------

STYLES = HERE.parent / "theme/assets/stylesheets"
TEXTS = ("ink", "muted")
GROUNDS = ("paper", "sheet")
SEVEN = range(1, 8)
KNOWN = {*TEXTS, *GROUNDS, "edge", "line", "pale", "deep", "land", "land-line", "chart", "chart-mid", "chart-pale", *(f"{kind}{n}" for kind in "cs" for n in SEVEN)}
"""The custom properties that are colours. `line` only parts what is told apart without it; `land` is the ground of maps;
the paler colours of charts have an edge of the first."""


def colours_named(text: str) -> set[str]:
    """The custom properties in a stylesheet whose value is a colour of its own."""
    return {name for name, value in re.findall(r"--([\w-]+):\s*([^;{}]+)", text) if re.match(r"#|rgb|hsl|Canvas|GrayText", value)}


def too_faint(page: Page) -> list[str]:
    """Every pair of colours that is used and has less contrast than it needs, on the open page in its present scheme."""

    def ratio(one: str, other: str, css: str = "") -> float:
        return page.evaluate("([one, other, css]) => audit.contrast(audit.color(one, css), audit.color(other, css))", [one, other, css])

    grounds = {name: f"var(--{name})" for name in GROUNDS}
    pairs = [(f"{text} on {name}", f"var(--{text})", ground, "", 4.5) for text in TEXTS for name, ground in grounds.items()]
    for n in SEVEN:
        css = f"p{n}"
        tinted = "color-mix(in srgb, var(--stripe) 12%, var(--paper))"
        pairs += [(f"c{n} on paper", f"var(--c{n})", grounds["paper"], "", 7), (f"c{n} on sheet", f"var(--c{n})", grounds["sheet"], "", 4.5)]
        pairs += [(f"{text} on tint {n}", text if text == "var(--c)" else f"var(--{text})", tinted, css, 4.5) for text in (*TEXTS, "var(--c)")]
    pairs += [("edge on paper", "var(--edge)", grounds["paper"], "", 3), ("chart on paper", "var(--chart, var(--ink))", grounds["paper"], "chart", 3)]
    found = [f"{what}: {got:.2f}, needs {least}" for what, one, other, css, least in pairs if (got := ratio(one, other, css)) < least]
    # A stripe is seen by its own colour or by the thin line round it.
    for n in SEVEN:
        seen = max(ratio(f"var(--s{n})", grounds["paper"]), ratio("var(--thin)", grounds["paper"], f"p{n}") if opaque(page, n) else 0)
        if seen < 3:
            found.append(f"stripe {n} on paper: {seen:.2f}, needs 3")
    return found


def opaque(page: Page, n: int) -> bool:
    return page.evaluate("css => !/, 0\\)$|transparent/.test(audit.color('var(--thin)', css))", f"p{n}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("way", ["of the device", "chosen"])
def test_every_pair_of_colours_has_its_contrast(site: Path, page: Page, scheme: str, way: str) -> None:
    page.emulate_media(color_scheme=scheme if way == "of the device" else {"light": "dark", "dark": "light"}[scheme])
    visit(page, site / "principles/co-operation.html")
    if way == "chosen":
        page.evaluate("scheme => { document.documentElement.dataset.colours = scheme }", scheme)
    dark = page.evaluate("() => audit.contrast(audit.color('var(--paper)'), 'black') < 3")
    assert dark == (scheme == "dark")
    assert too_faint(page) == []


def test_every_colour_of_the_styles_is_known_to_the_check() -> None:
    named = {name for path in STYLES.glob("*.css") for name in colours_named(path.read_text("utf-8"))}
    assert named <= KNOWN, f"say of {named - KNOWN} in this test what they stand on, and how much contrast they need"


def test_the_colour_check_sees_faint_pairs(sample: Callable[..., Page]) -> None:
    colours = {**dict.fromkeys((*TEXTS, "edge", "pale"), "#000"), **dict.fromkeys(GROUNDS, "#fff"), **{f"c{n}": "#000" for n in SEVEN}, **{f"s{n}": "#333" for n in SEVEN}}

    def root(**changed: str) -> str:
        rules = "".join(f"--{name.replace('_', '-')}: {value};" for name, value in {**colours, **changed}.items())
        rest = "".join(f".p{n} {{ --c: var(--c{n}); --stripe: var(--s{n}); --thin: transparent }}" for n in SEVEN)
        return f"<style>:root {{ {rules} }} {rest}</style>"

    assert too_faint(sample("", root())) == []
    assert {line.partition(":")[0] for line in too_faint(sample("", root(muted="#808080")))} >= {"muted on paper", "muted on sheet"}
    assert [line.partition(":")[0] for line in too_faint(sample("", root(c3="#666")))] == ["c3 on paper"]
    assert [line.partition(":")[0] for line in too_faint(sample("", root(s3="#ccc")))] == ["stripe 3 on paper"]
    assert "ochre" in colours_named(":root { --ochre: #A50; --land: var(--line) }")


# Size, reflow, spacing, forced colours ---------------------------------------------------------

SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }"
"""The spacing of WCAG 1.4.12."""


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_can_be_used_can_be_hit_and_read_in_every_way(site: Path, page: Page, template: str) -> None:
    """Targets of 24 pixels, wide and narrow; no sideways scroll and room to read at 400 % zoom; nothing lost when text is spaced out."""
    visit(page, site / template)
    found = {}
    for width_height in (WIDE, NARROW):
        size(page, width_height)
        found[f"targets at {width_height[0]}"] = complaints(page, "targets")
    size(page, ZOOMED)
    page.evaluate("() => scrollTo(0, document.body.scrollHeight / 2)")
    found["zoomed"] = complaints(page, "sideways") + complaints(page, "inTheWay")
    page.emulate_media(forced_colors="active")
    found["forced colours"] = complaints(page, "edges")
    page.emulate_media(forced_colors="none")
    page.add_style_tag(content=SPACED)
    for width_height in (WIDE, NARROW):
        size(page, width_height)
        found[f"spaced at {width_height[0]}"] = complaints(page, "sideways") + complaints(page, "clipped")
    assert not any(found.values()), told(found)


@pytest.mark.parametrize("template", FRAMED[:3])
def test_search_and_menu_can_be_hit_and_have_edges(site: Path, page: Page, template: str) -> None:
    visit(page, site / template)
    size(page, NARROW)
    page.locator("#open-search").click()
    page.keyboard.type("coop")
    page.wait_for_function("document.querySelectorAll('.md-search-result__link').length > 0")
    assert complaints(page, "targets") + complaints(page, "sideways") == []
    page.emulate_media(forced_colors="active")
    assert complaints(page, "edges") == []
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator("#open-menu").click()
    assert complaints(page, "targets") + complaints(page, "edges") == []


@pytest.mark.parametrize(
    ("check", "text"),
    [
        ("targets", '<ul style="line-height: 1"><li><a href="#">One</a><li><a href="#">Two</a></ul>'),
        ("targets", '<button style="padding: 0; width: 10px">a</button><button style="padding: 0; width: 10px">b</button>'),
        ("sideways", '<p style="width: 2000px">Text'),
        ("inTheWay", '<header style="position: sticky; top: 0; height: 400px">Text</header><p style="height: 3000px">Text'),
        ("inTheWay", '<footer style="position: fixed; bottom: 0; left: 0; right: 0; height: 300px">Text</footer>'),
        ("clipped", '<p style="height: 20px; overflow: hidden">Text<br>text<br>text'),
        ("clipped", '<p style="width: 50px; white-space: nowrap; overflow-x: clip">Text text text text'),
        ("edges", '<button style="border: 0">Name</button>'),
        ("edges", '<input style="border: 1px solid transparent; forced-color-adjust: none">'),
        ("unseen", "<main><p hidden>Text</main>"),
        ("unseen", '<main><details style="display: none"><summary>Fold</summary><p>Text</details></main>'),
        ("unseen", '<main><table style="visibility: hidden"><tr><td>Text</table></main>'),
    ],
)
def test_the_check_sees(sample: Callable[..., Page], check: str, text: str) -> None:
    assert complaints(sample(text), check)


@pytest.mark.parametrize(
    ("check", "text"),
    [
        ("targets", '<p>A <a href="#">link</a> and <a href="#">another</a> in a sentence.</p><button style="width: 24px; height: 24px">a</button>'),
        ("targets", '<a href="#" style="font-size: 8px">Alone</a>'),
        ("sideways", '<div style="overflow-x: auto"><p style="width: 2000px">Text</div>'),
        ("clipped", '<p style="overflow: hidden">Text</p><p style="height: 20px; overflow: auto">Text<br>text<br>text'),
        ("edges", "<button>Name</button><label><input type=radio> Name</label>"),
        ("unseen", "<main><p>Text<details><summary>Fold</summary><p>Text</details></main>"),
    ],
)
def test_the_check_lets_pass(sample: Callable[..., Page], check: str, text: str) -> None:
    assert complaints(sample(text), check) == []


# Without scripts -------------------------------------------------------------------------------


@pytest.mark.parametrize("template", FRAMED)
def test_without_scripts_all_text_is_there_and_every_fold_opens(site: Path, browser: Browser, template: str) -> None:
    """Scripts are off for the page itself: its own text is compared with what a reader comes to see."""
    context = browser.new_context(offline=True, java_script_enabled=False, viewport={"width": 1280, "height": 800})
    plain = context.new_page()
    plain.goto((site / template).as_uri())
    script = (HERE / "accessibility.js").read_text("utf-8")
    # Playwright's own questions are answered also where the page's scripts are off.
    assert plain.evaluate(f"() => {{ {script}\nreturn audit.unseen() }}") == []
    opened = "() => [...document.querySelectorAll('main details')].filter(fold => !fold.parentElement.closest('details')).map(fold => fold.open)"
    closed = [place for place, is_open in enumerate(plain.evaluate(opened)) if not is_open]
    if closed:
        fold = plain.locator("main details:not(details details)").nth(closed[0])
        fold.locator("summary").first.click()
        assert fold.get_attribute("open") is not None
    size(plain, NARROW)
    plain.locator("#open-menu").click()
    assert plain.locator("#menu a").first.is_visible()
    context.close()
