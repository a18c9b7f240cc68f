"""The last steps of the build, over the whole site after both editions are made: one module a step, each with `step(site)`."""

from __future__ import annotations

from pathlib import Path

from microsite.finish import assets, bill, headers, moved, offline, sitemap, sizes, worker
from microsite.finish.base import FinishError

__all__ = ["FinishError", "finish"]
STEPS = (
    # What changes the pages comes first. The packed copies come before what only a host serves, so that they are without it, and sizes
    # are told twice, as pages are in the copies and offer them. The worker names every page by its content, and the headers every inline
    # script, so nothing may change a page after these.
    moved,
    sitemap,
    assets,
    sizes,
    offline,
    sizes,
    worker,
    bill,
    headers,
)


def finish(site: Path) -> None:
    """Make a site that was built into a folder ready for readers. Raises `FinishError`."""
    for module in STEPS:
        module.step(site)
