"""Write down the addresses that the built site has, as published: `python tests/published.py`. Never takes one away."""

from pathlib import Path

import html5lib
from test_links import addresses

SITE = Path(__file__).parent.parent / "site"
LIST = Path(__file__).parent / "published.txt"

if __name__ == "__main__":
    pages = {
        path.relative_to(SITE).as_posix(): html5lib.parse(path.read_bytes(), namespaceHTMLElements=False)
        for path in sorted(SITE.rglob("*.html"))
        if "downloads" not in path.relative_to(SITE).parts
    }
    known = set(LIST.read_text("utf-8").split()) if LIST.exists() else set()
    LIST.write_text("\n".join(sorted(known | set(addresses(pages)))) + "\n", "utf-8")
