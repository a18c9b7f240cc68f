"""What of our own Markdown goes through gives what Markdown would give without it, faster; and the index reads what it makes."""

import re

import pytest
from markdown import Markdown

from microsite.search_index import entries
from microsite.whole_blocks import WholeBlocks

PAGES = {
    "a block between texts": "One.\n\n<div class=\"a\">\n<p>Two & <b>three</b></p>\n</div>\n\n*Four.*",
    "blocks one after the other": "<ul><li>a</li></ul>\n\n<ul>\n<li>b</li>\n</ul>\n\n<table><tr><td>c</td></tr></table>",
    "the same element within": "<div>\n<div>a</div>\n<div>b</div>\n</div>\n\ntext",
    "one that goes on after an empty line": "<div>\n<div>a</div>\n\n*b*\n\n</div>\n\n*c*",
    "one that is never closed": "<div>\n<p>a</p>\n\n*b*",
    "an element of a sentence": "<em>a</em>\n\n<a href=\"#b\">b</a> and *c*",
    "text after the block": "<p>a</p> *b*\n\nc",
    "within a list": "- one\n\n    <div>a</div>\n\n- two",
    "in code": "    <div>a</div>\n\n`<div>`",
    "only a block": "<section>\n<p>*a*</p>\n</section>",
    "a comment": "<!-- <div>\n\na</div> -->\n\nb",
    "template braces and a stash's own signs": "<p>{{ a }} \u0002wzxhzdk:0\u0003</p>\n\n<p>b</p>",
}


@pytest.mark.parametrize("text", PAGES.values(), ids=PAGES)
def test_blocks_put_aside_whole_come_out_as_ever(text: str) -> None:
    plain, ours = (Markdown(extensions=["attr_list", "def_list", "tables", "toc", *more]).convert(text) for more in ([], [WholeBlocks()]))
    assert re.sub(r"\n+", "\n", ours) == re.sub(r"\n+", "\n", plain)


def test_markdown_does_not_read_a_whole_block() -> None:
    converter = Markdown(extensions=[WholeBlocks()])
    (reader,) = (preprocessor for preprocessor in converter.preprocessors if type(preprocessor).__name__ == "HtmlBlockPreprocessor")
    met: list[str] = []
    before = reader.run
    reader.run = lambda lines: met.extend(lines) or before(lines)
    converter.convert("a\n\n<div>\n<p>b</p>\n</div>\n\nc")
    assert not [line for line in met if "<" in line]


PAGE = """<h1 id="top">A <em>page</em></h1>
<p>First &amp; <b>last</b>.</p>
<h2 id="one">One<a class="headerlink" href="#one">¶</a></h2>
<ul><li>a</li><li> </li></ul>
<div data-search-exclude><p>not this<br></p><div>nor this</div></div>
<p>but this</p>
<script>if (a < b) { c("<p>no</p>") }</script>
<section><h3 id="two">Two</h3><p>in it</p></section>
<p>after it</p>
<pre>x
  y</pre>
<svg><path d="M0 0"/><title>a drawing</title></svg>"""


def test_the_index_has_an_entry_from_each_heading_to_the_next() -> None:
    top, one, two = entries("page.html", PAGE)
    assert top == {"location": "page.html", "title": "A page", "text": "<p>First &amp; last.</p>"}
    assert (one["location"], one["title"]) == ("page.html#one", "One")
    # What follows the end of a section's element belongs to the section around it.
    assert one["text"] == "<ul><li>a</li><li> </li></ul> <p>but this</p> <p>after it</p> <pre>x\n  y</pre> a drawing"
    assert two == {"location": "page.html#two", "title": "Two", "text": "<p>in it</p>"}


def test_what_stands_before_the_first_heading_is_found_too() -> None:
    assert entries("page.html", "<p>before</p><h2 id='no'>x</h2><h2 id=\"a\">A</h2><p>in</p>")[0]["text"].startswith("<p>before</p>")
