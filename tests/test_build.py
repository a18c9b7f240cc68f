"""The build is all or nothing: two whole editions, or the last good site and a clear word on what is wrong."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import run

from microsite.build import _swap

GOOD = "The last good site.\n"


@pytest.fixture
def last_good(project: Path) -> Path:
    """A site in the copy of the project, from a build that went well."""
    page = project / "site" / "index.html"
    page.parent.mkdir()
    page.write_text(GOOD)
    return page


def fails(project: Path, last_good: Path) -> str:
    """Assert that the build fails in words and leaves everything as it was; return the words."""
    result = run(project, "microsite", "build")
    assert result.returncode == 1, result.stdout
    assert "Traceback" not in result.stdout
    assert last_good.read_text() == GOOD
    assert not list(project.glob(".site-*"))
    return result.stdout


def write(project: Path, text: str, edition: str = "en") -> None:
    (project / "docs" / edition / "index.md").write_text(f"# Home\n\n{text}\n", "utf-8")


def test_both_editions_are_built_whole(site: Path) -> None:
    for edition, language in ((site, "en"), (site / "it", "it")):
        assert f'<html lang="{language}"' in (edition / "index.html").read_text("utf-8")
        assert (edition / "search" / "search_index.js").is_file()
        assert (edition / "404.html").is_file()


def test_a_good_build_replaces_the_whole_site(project: Path, last_good: Path) -> None:
    leftover = last_good.with_name("leftover.html")
    leftover.write_text(GOOD)
    result = run(project, "microsite", "build")
    assert result.returncode == 0, result.stdout
    assert last_good.as_uri() in result.stdout
    assert "One page." in last_good.read_text("utf-8")
    assert "One page." in (project / "site" / "it" / "index.html").read_text("utf-8")
    assert not leftover.exists()
    assert not list(project.glob(".site-*"))


def test_plain_mkdocs_builds_the_same_two_editions(project: Path) -> None:
    # The program, not the module: Python puts no folder of ours on its path then.
    mkdocs = shutil.which("mkdocs", path=Path(sys.executable).parent)
    assert mkdocs
    for settings in ("mkdocs.yml", "mkdocs.it.yml"):
        result = subprocess.run([mkdocs, "build", "-f", settings], cwd=project, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
    for language, page in (("en", "site/index.html"), ("it", "site/it/index.html")):
        assert f'<html lang="{language}"' in (project / page).read_text("utf-8")


def test_the_language_switch_leads_to_the_twin_or_else_home(project: Path) -> None:
    # An edition that is complete has every page; see tests/test_parity.py.
    languages = project / "data/languages.yml"
    languages.write_text(languages.read_text("utf-8").replace("{id: it,", "{id: it, complete: false,"), "utf-8")
    for settings, language, names in (("mkdocs.yml", "en", ("both", "alone")), ("mkdocs.it.yml", "it", ("both",))):
        (project / "docs" / language / "more").mkdir()
        for name in names:
            (project / "docs" / language / "more" / f"{name}.md").write_text(f"# {name}\n")
            with (project / settings).open("a") as file:
                file.write(f"  - more/{name}.md\n")
    result = run(project, "microsite", "build")
    assert result.returncode == 0, result.stdout
    for page, twin in (
        ("index.html", "it/index.html"),
        ("more/both.html", "it/more/both.html"),
        ("more/alone.html", "it/index.html"),
        ("it/index.html", "index.html"),
        ("it/more/both.html", "more/both.html"),
    ):
        here = project / "site" / page
        (address,) = re.findall(r'<a class="language" href="([^"]+)"', here.read_text("utf-8"))
        assert (here.parent / address).resolve() == (project / "site" / twin).resolve()


def test_the_published_address_is_set_in_one_place(project: Path) -> None:
    settings = project / "mkdocs.yml"
    settings.write_text(re.sub(r"(?m)^site_url:.*$", "site_url: https://example.org/a/folder", settings.read_text("utf-8")), "utf-8")
    assert "site_url" not in (project / "mkdocs.it.yml").read_text("utf-8")
    result = run(project, "microsite", "build")
    assert result.returncode == 0, result.stdout
    for name, address in (("", "https://example.org/a/folder/"), ("it", "https://example.org/a/folder/it/")):
        folder = project / "site" / name
        assert f'<link rel="canonical" href="{address}index.html">' in (folder / "index.html").read_text("utf-8")
        assert f"<loc>{address}index.html</loc>" in (folder / "sitemap.xml").read_text("utf-8")
        assert f'href="{address.removeprefix("https://example.org")}index.html"' in (folder / "404.html").read_text("utf-8")


def test_a_mistake_that_only_the_finished_page_shows_stops_the_build(project: Path, last_good: Path) -> None:
    write(project, 'Red.\n{: style="color: red" }')
    assert 'index.html: <p style="color: red">' in fails(project, last_good)


@pytest.mark.parametrize("edition", ["en", "it"])
@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{{ figur('world-members') }}", "index.md:3: there is no macro 'figur'; did you mean figure"),
        ("{{ figure('no-such-figure') }}", "no-such-figure"),
        ("{{ 1 / 0 }}", "ZeroDivisionError"),
        ("[A page](no-such-page.md)", "no-such-page.md"),
        ("[A heading](#no-such-heading)", "no-such-heading"),
        ("[A root](/tradition/index.html)", "/tradition/index.html"),
    ],
)
def test_a_mistake_in_a_page_stops_the_build(project: Path, last_good: Path, edition: str, text: str, named: str) -> None:
    write(project, text, edition)
    said = fails(project, last_good)
    assert named in said
    assert "index.md" in said or "Home" in said, "the page is named"


def test_all_failing_macros_are_reported_together_a_line_each(project: Path, last_good: Path) -> None:
    write(project, "{{ no_such_macro() }}")
    for settings, language, text in (("mkdocs.yml", "en", "{{ 1 | no_such_filter }}"), ("mkdocs.it.yml", "it", "Due.")):
        with (project / settings).open("a", encoding="utf-8") as file:
            file.write("  - Two: two.md\n")
        (project / "docs" / language / "two.md").write_text(f"# Two\n\n{text}\n")
    said = fails(project, last_good).splitlines()
    assert said[:3] == [
        "docs/en/index.md:3: there is no macro 'no_such_macro'; macros.py lists all that there are",
        "docs/en/two.md:3: a macro cannot be read: No filter named 'no_such_filter'; the words of pages are macros, not filters",
        "2 mistakes.",
    ]


def test_a_page_that_no_menu_names_stops_the_build(project: Path, last_good: Path) -> None:
    (project / "docs" / "en" / "forgotten.md").write_text("# Forgotten\n")
    assert "forgotten.md" in fails(project, last_good)


def test_mistakes_in_the_data_are_reported_together(project: Path, last_good: Path) -> None:
    for name in ("sources", "units"):
        with (project / "data" / f"{name}.yml").open("a", encoding="utf-8") as file:
            file.write("\n- id: broken-on-purpose\n  no_such_key: 1\n")
    said = fails(project, last_good)
    for name in ("sources", "units"):
        assert f"data/{name}.yml:" in said
    assert "no_such_key" in said
    assert "broken-on-purpose" in said


def test_broken_settings_stop_the_build_in_words(project: Path, last_good: Path) -> None:
    settings = project / "mkdocs.it.yml"
    settings.write_text(re.sub(r"(?m)^docs_dir:.*$", "no_such_setting: 1\ndocs_dir: nowhere", settings.read_text("utf-8")), "utf-8")
    said = fails(project, last_good)
    assert "no setting is called 'no_such_setting'" in said
    assert "there is no folder 'nowhere'" in said


def test_the_last_site_is_put_back_if_the_new_one_cannot_take_its_place(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text(GOOD)
    with pytest.raises(FileNotFoundError):
        _swap(tmp_path / "never-built", site, aside=tmp_path / "aside")
    assert (site / "index.html").read_text() == GOOD


def test_the_preview_reads_the_data_anew_at_each_build(project: Path) -> None:
    """Python keeps what it has imported, and the loader what it has loaded; the preview must not."""
    trial = (
        "import sys, microsite.load as load, microsite.preview as preview\n"
        "config = preview._load_config_afresh('mkdocs.yml')\n"
        "assert not config.plugins['macros'].config['on_error_fail']\n"
        "assert sys.modules['microsite.load'] is not load, 'the engine is imported anew'\n"
        "with open('data/units.yml', 'a', encoding='utf-8') as file: file.write('\\n- id: broken-on-purpose\\n')\n"
        "sys.exit(preview.preview('mkdocs.yml'))\n"
    )
    (project / "trial.py").write_text(trial)
    result = run(project, "trial")
    assert result.returncode == 1
    assert "data/units.yml" in result.stdout
    assert "Traceback" not in result.stdout
