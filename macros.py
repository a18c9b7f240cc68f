"""The words that a page may use: `{{ figure('world-members') }}`, `{{ quote('definition') }}` ... Each is one function in
`microsite.forms`, named after what the reader gets; its docstring there says what to give it."""

import contextlib
import sys
from pathlib import Path

from jinja2 import TemplateError
from mkdocs.exceptions import PluginError

# The plain `mkdocs` program does not look for packages in the project's folder.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from microsite import export  # noqa: E402
from microsite.edition import PageError, edition  # noqa: E402
from microsite.export import downloads as made_of_pages  # noqa: E402
from microsite.export import linked  # noqa: E402
from microsite.forms import assembly, blocks, charts, data, downloads, inline, lists, takeaway, teaching  # noqa: E402
from microsite.frame import frame, minutes  # noqa: E402
from microsite.load import load  # noqa: E402
from microsite.settings import site_url  # noqa: E402
from microsite.tongues import Tongues  # noqa: E402
from microsite.wide_tables import WideTables  # noqa: E402

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
    """Give the pages of one edition their words, and the theme what it says to machines and where the other editions are; called once a build."""
    own = editions()[env.conf["theme"]["language"]]
    # Written ahead, a page need not be worked out twice. A mistake on a page is told when that page is written.
    with contextlib.suppress(PageError, TemplateError):
        _ = own.usage
    env.conf["extra"] |= frame(own)
    env.conf["extra"]["linked"] = linked.pages(own, env.conf["nav"])
    # All editions inherit one published address. While somebody previews, there is a local one instead.
    if env.conf["site_url"] == site_url():
        env.conf["site_url"] = own.published
    # As an object: the plain `mkdocs` program, which reads the settings, does not find our packages by name.
    env.conf["markdown_extensions"] += [WideTables(), Tongues(own.language)]
    for name, macro in own.macros.items():
        env.macro(macro, name)


def on_post_page_macros(env):
    """Tell the page's head how long the page takes to read."""
    env.page.meta["minutes"] = minutes(env.markdown)


def on_post_build(env):
    """Write the files for others below the English edition, which is the site's root, for all editions; then say on the pages how large they are."""
    site = Path(env.conf["site_dir"])
    known = editions()
    own = known[env.conf["theme"]["language"]]
    try:
        if not own.root:
            export.write(site)
            made_of_pages.write(site, known.values())
        made_of_pages.fill_sizes(site, own)
    # Sheets and slides are in no page, so a mistake in one of them shows only here.
    except (PageError, export.ExportError, TemplateError, ValueError) as error:
        raise PluginError(f"{error}") from error


def editions():
    """Every edition with its words, by language."""
    known = {language: edition(language) for language in load()["languages"]}
    for one in known.values():
        if not one.macros:
            one.bind(WORDS)
    return known
