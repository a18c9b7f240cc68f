"""Which pages the two editions have in common."""

from pathlib import Path


def pages_with_twin(docs_dir: str | Path) -> list[str]:
    """Return the pages that an edition shares with the others, as paths below its `docs_dir`.

    Editions are sibling folders (`docs/en`, `docs/it`); a page and its twin have the same path.
    The language switch in `theme/partials/alternate.html` asks for this list.
    """
    here = Path(docs_dir)
    others = [folder for folder in here.parent.iterdir() if folder.is_dir() and folder != here]
    return sorted(
        page.relative_to(here).as_posix()
        for page in here.rglob("*.md")
        if any((other / page.relative_to(here)).is_file() for other in others)
    )
