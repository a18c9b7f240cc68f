"""The words that a page may use: `{{ figure('world-members') }}`, `{{ quote('definition') }}` ... Each is one function in
`microsite.forms`, named after what the reader gets; its docstring there says what to give it."""

import sys
from pathlib import Path

from jinja2 import TemplateError

# The plain programs `mkdocs` and `zensical` do not look for packages in the project's folder.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from microsite import export, search_index  # noqa: E402
from microsite.edition import PageError, edition  # noqa: E402
from microsite.export import downloads as made_of_pages  # noqa: E402
from microsite.extensions import extensions  # noqa: E402
from microsite.forms import assembly, blocks, charts, data, downloads, inline, lists, takeaway, teaching  # noqa: E402
from microsite.finish import sizes  # noqa: E402
from microsite.frame import told  # noqa: E402
from microsite.load import load  # noqa: E402
from microsite.settings import site_url  # noqa: E402

WORDS = (
    # in a sentence
    inline.figure, inline.share, inline.growth, inline.ratio,
    inline.year, inline.date, inline.day,
    inline.term, inline.principle, inline.value, inline.person, inline.organisation, inline.country,
    inline.event, inline.case, inline.finding, inline.exchange, inline.work, inline.see, inline.cite,
    # on their own
    blocks.quote, blocks.statement, blocks.big_figure, blocks.series, blocks.comparison, blocks.vintages, blocks.related_figures,
    blocks.story, blocks.evidence, blocks.misconception, blocks.passage, blocks.happening, blocks.portrait, blocks.profile, blocks.family_sign,
    # drawings
    charts.chart,
    # lists
    lists.timeline, lists.people_list, lists.organisations_list, lists.glossary_list, lists.misconceptions, lists.cases, lists.findings,
    lists.exchanges, lists.values_list, lists.principles_list, lists.principles_through_time, lists.series_of, lists.countries,
    lists.sum_of_members,
    lists.sources_list, lists.changes_list,
    # in a lesson
    teaching.lessons_list, teaching.lesson_head, teaching.objectives, teaching.step, teaching.question, teaching.check_yourself,
    teaching.words_of_lesson, teaching.for_teachers, teaching.timing, teaching.answers, teaching.curriculum, teaching.questions_on,
    teaching.account, teaching.number, assembly.assembly, assembly.division,
    # the data themselves
    data.open_data, data.open_data_file, data.open_data_series, data.open_data_version, data.open_data_citation, data.data_dictionary,
    # files for a class
    downloads.question_downloads, takeaway.downloads, takeaway.offline_copy, takeaway.keep, takeaway.link_this,
    # at the foot of a page
    blocks.sources_of_page,
)  # fmt: skip


def define_env(env):
    """Give the pages of one edition their words, and the theme what it says besides the page. MkDocs calls this once a build; Zensical for each
    page, when its settings are fixed, so that these come with all that is told here: see `microsite/successor.py`."""
    own = env.variables["edition"] = editions()[env.conf["theme"]["language"]]
    for name, macro in own.macros.items():
        env.macro(macro, name)
    if "words" in env.conf["extra"]:
        return
    env.conf["extra"] |= told(own, env.conf["nav"])
    # All editions inherit one published address. While somebody previews, there is a local one instead.
    if env.conf["site_url"] == site_url():
        env.conf["site_url"] = own.published
    # As an object: the plain `mkdocs` program, which reads the settings, does not find our packages by name.
    env.conf["markdown_extensions"] += extensions(own.language)


def on_pre_page_macros(env):
    """Take a page as it was written ahead, when it was found out what each page uses. One with a mistake is left to the plugin, which tells it."""
    if text := env.variables["edition"].ahead(env.page.file.src_uri):
        env.variables["written_ahead"], env.markdown = text, "{{ written_ahead }}"


def on_post_build(env):
    """Write the index for the search, and an edition's files for others below the site's root; then say on its pages how large these are."""
    own = env.variables["edition"]
    site = Path(env.conf["site_dir"])
    search_index.write(site, env.conf["nav"], own.language, env.conf["extra"]["search"])
    root = site.parent if own.root else site
    try:
        made_of_pages.write(root, own)
        sizes.fill(root, own)
    # Sheets and slides are in no page, so a mistake in one of them shows only here.
    except (PageError, export.ExportError, TemplateError, ValueError) as error:
        from mkdocs.exceptions import PluginError

        raise PluginError(f"{error}") from error


def editions():
    """Every edition with its words, by language."""
    known = {language: edition(language) for language in load()["languages"]}
    for one in known.values():
        if not one.macros:
            one.bind(WORDS)
    return known
