"""The version of the site as a whole: its day, what it is called, and where the packed copy of an edition stands."""

from __future__ import annotations

from microsite.edition import Edition
from microsite.export import package
from microsite.model import Facts
from microsite.settings import settings


def day(facts: Facts) -> str:
    """The day of the last change (ISO 8601): of the data, of a lesson, or of the prose as `mkdocs.yml` says it under `extra.revised`."""
    lessons = (version.date for lesson in facts["lessons"].values() for version in lesson.versions)
    return max((package.last_change(facts), settings()["extra"]["revised"], *lessons))


def version(facts: Facts) -> str:
    """That day as a version: 2026.11.22."""
    return day(facts).replace("-", ".")


def line(edition: Edition) -> str:
    """Version and date in words, for the foot of every page."""
    return edition.words["packed"]["version"].format(version=version(edition.facts), date=edition.date(day(edition.facts)))


def folder(edition: Edition) -> str:
    """The packed copy's one top folder."""
    return f"coop-site-{edition.language}-{version(edition.facts)}"


def path(edition: Edition) -> str:
    """Where the packed copy of an edition stands below the site's root."""
    return f"downloads/{folder(edition)}.zip"
