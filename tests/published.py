"""Write down the addresses that the built site has, as published: `python tests/published.py`. Never takes one away."""

from pathlib import Path

from conftest import read_pages
from test_links import addresses

SITE = Path(__file__).parent.parent / "site"
LIST = Path(__file__).parent / "published.txt"

if __name__ == "__main__":
    known = set(LIST.read_text("utf-8").split()) if LIST.exists() else set()
    LIST.write_text("\n".join(sorted(known | set(addresses(read_pages(SITE))))) + "\n", "utf-8")
