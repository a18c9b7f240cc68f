"""What a host says with the files: a policy strict enough to refuse what is not ours, under which everything of ours works."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Visit
from hosting import Host, rules, said

from microsite.finish import FinishError, headers

TEMPLATES = (
    "index.html",
    "tradition/rochdale.html",
    "tradition/timeline.html",
    "tradition/people.html",
    "tradition/principles-through-time.html",
    "principles/index.html",
    "principles/co-operation.html",
    "international/across-borders.html",
    "figures/index.html",
    "figures/how-many-co-operators.html",
    "figures/countries/europe.html",
    "lessons/index.html",
    "lessons/l01.html",
    "lessons/l04.html",
    "lessons/l01-teacher.html",
    "reference/glossary.html",
    "reference/cases.html",
    "reference/sources.html",
    "reference/open-data.html",
    "reference/offline.html",
    "downloads/print-en.html",
    "404.html",
    "it/index.html",
)
"""A page made by each template, and what stands beside the pages."""


@pytest.fixture(scope="module")
def given(site: Path) -> str:
    return (site / "_headers").read_text("utf-8")


@pytest.fixture(scope="module")
def hosted(site: Path, given: str) -> Iterator[str]:
    with Host(site, rules(given)) as host:
        yield host.address


# In a browser ----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", TEMPLATES)
def test_a_page_breaks_no_rule(hosted: str, visit: Callable[..., Visit], page: str) -> None:
    reader = visit(offline=False)
    reader.open(hosted + page)
    reader.page.wait_for_load_state("networkidle")
    assert (reader.outside, reader.complaints) == ([], [])


def test_search_and_questions_work_under_the_rules(hosted: str, visit: Callable[..., Visit]) -> None:
    reader = visit(offline=False)
    page = reader.open(hosted + "lessons/l01.html")
    question = page.locator(".question[data-type=single]").first
    question.locator("input").first.check()
    question.locator("button").click()
    assert question.locator(".feedback").is_visible()
    assert reader.search("rochdale")
    assert (reader.outside, reader.complaints) == ([], [])


@pytest.mark.parametrize(
    ("added", "refused"),
    [
        ("<script>document.title = 'taken over'</script>", "script-src"),
        ("<script src='https://example.org/x.js'></script>", "script-src"),
        ("<p style='color: red'>", "style-src"),
        ("<img src=x onerror=\"document.title = 'taken over'\">", "script-src"),
        ("<iframe src='index.html'></iframe>", "frame"),
    ],
)
def test_what_is_not_ours_is_refused(tmp_path: Path, given: str, visit: Callable[..., Visit], added: str, refused: str) -> None:
    (tmp_path / "x").write_bytes(b"")
    (tmp_path / "index.html").write_text(f"<!doctype html><link rel=icon href=data:,><title>ours</title>{added}")
    with Host(tmp_path, rules(given)) as host:
        reader = visit(offline=False)
        page = reader.open(host.address)
        assert page.title() == "ours"
    assert any(refused in complaint and "Content Security Policy" in complaint for complaint in reader.complaints)


# The rules -------------------------------------------------------------------------------------


def test_nothing_inline_is_let_in_by_a_general_word(given: str) -> None:
    assert "unsafe" not in given
    assert "*" not in dict(said(rules(given), "/index.html"))["Content-Security-Policy"]
    for must in ("default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"):
        assert must in given


def test_each_file_keeps_as_long_as_it_may(site: Path, given: str) -> None:
    found = rules(given)
    for path in sorted(site.rglob("*")):
        address = "/" + path.relative_to(site).as_posix()
        if not path.is_file() or path.suffix == ".map":
            continue
        names = [name for name, _ in said(found, address)]
        assert len(names) == len(set(names)), f"{address}: two rules say the same header, which hosts join to nonsense"
        keeps = dict(said(found, address)).get("Cache-Control", "")
        if path.suffix == ".html" and "downloads" not in address or path.name == "sw.js":
            assert keeps == headers.ASK, address
        if "immutable" in keeps:
            assert headers.is_hashed(address[1:]), address
        if headers.is_hashed(address[1:]):
            assert keeps == headers.FOREVER, address


def test_hosts_can_read_the_rules(given: str) -> None:
    assert max(map(len, given.splitlines())) <= headers.LONGEST_LINE
    assert len(rules(given)) <= headers.MOST_RULES


@pytest.mark.parametrize("host", ["nginx", "apache"])
def test_other_hosts_are_told_the_same(site: Path, given: str, host: str) -> None:
    text = headers.HOSTS[host](site)
    for name, value in rules(given)[0][1].items():
        assert f'{name} "{value}"' in text
    assert headers.FOREVER in text
    assert text.count("{") == text.count("}")


# The step itself -------------------------------------------------------------------------------


@pytest.mark.parametrize("body", ['<p style="color:red">x', '<button onclick="x()">x', '<a href="JavaScript:x()">x'])
def test_what_a_strict_policy_leaves_without_effect_stops_the_build(tmp_path: Path, body: str) -> None:
    (tmp_path / "page.html").write_text(body)
    with pytest.raises(FinishError, match=r"page\.html: <"):
        headers.step(tmp_path)


def test_only_what_runs_is_let_in(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        "<script>a()</script><script type=module>b()</script><script src=c.js></script>"
        '<script type="application/ld+json">{"d": "</x>"}</script><style>e{}</style>'
    )
    found = headers.inline(tmp_path)
    assert (found.scripts, found.styles) == ({"a()", "b()"}, {"e{}"})


def test_too_many_inline_scripts_stop_the_build(tmp_path: Path, site: Path) -> None:
    shutil.copy(site / "index.html", tmp_path)
    (tmp_path / "page.html").write_text("".join(f"<script>a({number})</script>" for number in range(40)))
    with pytest.raises(FinishError, match="too many"):
        headers.step(tmp_path)
