"""What is kept between builds: files that say in their name, or within, what they were made from, so that one that is found is right."""

import os
from pathlib import Path


def write(path: Path, text: str) -> None:
    """Write a file in one move: another build that looks at the same time finds all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
