"""Are the addresses outside this site still there? `make links` asks each, politely; it needs a network, so no build or test does it.

It also asks the Internet Archive for copies of the sources (`make links ARCHIVE=1`) and enters them in `data/sources.yml`.
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from microsite.load import DATA, ROOT, Mistake, load, read_yaml, shown
from microsite.model import Day, Facts, Model, Source, Words
from microsite.settings import site_url

IGNORED = ROOT / "links.yml"
AVAILABILITY = "https://archive.org/wayback/available"
"""The Internet Archive's interface that names the copy nearest to a day."""
FIRST = 20
"""If so many addresses cannot be reached and no other was, the network is missing and not they."""
_ADDRESS = re.compile(r"https?://[^\s<>\"'`|\\^{}]+")


class LinksError(Exception):
    """The addresses cannot be checked. Its text says why."""


class Ignored(Model):
    """Addresses that are not asked for, and why."""

    pattern: Words
    reason: Words
    since: Day


@dataclass(frozen=True)
class Manner:
    """How to ask. Times in seconds."""

    connect: float = 10
    """How long a host may take to pick up."""
    answer: float = 30
    """How long it may stay silent then."""
    pause: float = 1
    """Between two questions to one host."""
    tries: int = 4
    """How often a host that is busy, failing or silent is asked."""
    backoff: float = 4
    """Before the second try; it doubles each time."""
    longest_wait: float = 120
    """What a host may ask us to wait; beyond it the address is told as not known."""
    hosts: int = 12
    """How many hosts are asked at once; each of them one question at a time."""


@dataclass(frozen=True)
class Found:
    """What became of an address. Only what `leads_nowhere` is a fault of ours to mend at once."""

    kind: Literal["there", "moved", "gone", "failing", "unreachable", "silent", "refused", "busy"]
    says: str = ""

    @property
    def leads_nowhere(self) -> bool:
        return self.kind in ("gone", "failing", "unreachable", "silent")


# --- which addresses -------------------------------------------------------------------------------------------------


def addresses(facts: Facts, docs: Path = ROOT / "docs", sources: Iterable[str] = ()) -> dict[str, list[str]]:
    """Every address outside this site that the data and pages hold, and where: `data/sources.yml: coop-2020`, `docs/en/index.md:12`.

    With `sources`, ids of sources, only theirs.
    """
    found: dict[str, list[str]] = defaultdict(list)
    wanted = set(sources)
    if unknown := sorted(wanted - facts["sources"].keys()):
        raise LinksError(f"no record in data/sources.yml has the id {', '.join(unknown)}")
    for kind, record in facts.all():
        if not wanted or (kind == "sources" and record.id in wanted):
            doi = getattr(record, "DOI", None)
            for address in (*_texts(record), *([f"https://doi.org/{doi}"] if doi else ())):
                found[address].append(f"data/{kind}.yml: {record.id}")
    if not wanted:
        for path in sorted(docs.rglob("*.md")):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                for address in _ADDRESS.findall(re.sub(r"`[^`]*`", "", line)):
                    found[_without_end(address)].append(f"{shown(path)}:{number}")
    own = urlsplit(site_url()).netloc
    return {address: list(dict.fromkeys(users)) for address, users in found.items() if urlsplit(address).netloc != own}


def _texts(value: Any) -> Iterator[str]:
    """The addresses in a record: whole values, and those in running text."""
    if isinstance(value, str):
        if re.match(r"https?://\S+$", value):
            yield value
        else:
            yield from map(_without_end, _ADDRESS.findall(value))
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, Sequence):
        for one in value:
            yield from _texts(one)


def _without_end(address: str) -> str:
    """An address in running text or Markdown without what closes the sentence or the brackets around it."""
    while address and (address[-1] in ".,;:!?’”»" or (address[-1] in ")]" and address.count(address[-1]) > address.count({")": "(", "]": "["}[address[-1]]))):
        address = address[:-1]
    return address


def ignored(path: Path = IGNORED) -> list[Ignored]:
    """The addresses that are left out. Raises LinksError with every mistake in the list."""
    items, wrong = read_yaml(path)
    if not wrong:
        try:
            found = TypeAdapter(list[Ignored]).validate_python(items)
            for one in found:
                re.compile(one.pattern)
            return found
        except ValidationError as error:
            nodes = yaml.compose(path.read_text(encoding="utf-8")).value if isinstance(items, list) else []
            for detail in error.errors(include_url=False):
                place = detail["loc"][0] if detail["loc"] else 0
                line = nodes[place].start_mark.line + 1 if isinstance(place, int) and place < len(nodes) else 1
                wrong.append(Mistake(shown(path), line, "", f"{'.'.join(map(str, detail['loc'][1:])) or 'the list'}: {detail['msg']}; each entry has pattern, reason, since"))
        except re.error as error:
            wrong.append(Mistake(shown(path), 1, "", f"the pattern '{error.pattern}' is no regular expression: {error}; put \\ before . ( ) ? +"))
    raise LinksError("\n".join(map(str, wrong)))


# --- asking ----------------------------------------------------------------------------------------------------------


class Asker:
    """Asks hosts for addresses: each host one question at a time, with a pause between."""

    def __init__(self, manner: Manner = Manner()) -> None:
        try:
            import requests
        except ModuleNotFoundError:
            raise LinksError("The library requests is missing; `make links` installs it, from requirements-links.txt.") from None
        self.manner = manner
        self._requests = requests
        self._local = threading.local()
        self._next: dict[str, float] = defaultdict(float)
        self._locks: dict[str, threading.Lock] = {}

    def get(self, address: str, *, body: bool = False) -> Any:
        """One question: the answer, as it comes and not led on."""
        if not hasattr(self._local, "session"):
            self._local.session = self._requests.Session()
            self._local.session.headers["User-Agent"] = f"WorkingTogether-link-check (+{site_url()})"
        host = urlsplit(address).netloc
        with self._locks.setdefault(host, threading.Lock()):
            time.sleep(max(0.0, self._next[host] - time.monotonic()))
            try:
                answer = self._local.session.get(address, allow_redirects=False, stream=True, timeout=(self.manner.connect, self.manner.answer))
                # What stands on the page is not wanted.
                if not body:
                    answer.close()
                return answer
            finally:
                self._next[host] = time.monotonic() + self.manner.pause

    def patiently(self, address: str, *, body: bool = False) -> Any:
        """The answer, or what became of the address (a `Found`) if the host stays busy, failing or silent after several tries."""
        found: Any = None
        for attempt in range(self.manner.tries):
            wait = self.manner.backoff * 2**attempt
            try:
                answer = self.get(address, body=body)
                if answer.status_code != 429 and answer.status_code < 500:
                    return answer
                asked = _retry_after(answer.headers.get("Retry-After", ""))
                if answer.status_code == 429:
                    found = Found("busy", f"says 429, too many questions{f', and to come back in {asked:.0f} seconds' if asked else ''}")
                else:
                    found = Found("failing", f"says {answer.status_code} {answer.reason}")
                if asked is not None:
                    if asked > self.manner.longest_wait:
                        return found
                    wait = asked
            except self._requests.exceptions.Timeout:
                found = Found("silent", "gives no answer in time")
            except self._requests.exceptions.SSLError as error:
                return Found("unreachable", f"its certificate does not hold: {_short(error)}")
            except self._requests.exceptions.ConnectionError as error:
                found = Found("unreachable", f"cannot be reached: {_short(error)}")
            except (self._requests.exceptions.RequestException, ValueError) as error:
                return Found("unreachable", f"cannot be asked for: {_short(error)}")
            if attempt + 1 < self.manner.tries:
                time.sleep(wait)
        return found

    def look(self, address: str) -> Found:
        """What became of an address."""
        here = urldefrag(address)[0]
        moved, for_good = "", True
        for _ in range(10):
            answer = self.patiently(here)
            if isinstance(answer, Found):
                return answer
            status = answer.status_code
            if status in (301, 302, 303, 307, 308) and (to := answer.headers.get("Location")):
                here = urldefrag(urljoin(here, to))[0]
                # What follows a redirect for now may change at any time.
                for_good = for_good and status in (301, 308)
                moved = here if for_good else moved
                continue
            break
        else:
            return Found("failing", "leads from one address to the next without end")
        if status in (404, 410):
            return Found("gone", f"says {status} {answer.reason}" + (f" (after {here})" if here != urldefrag(address)[0] else ""))
        if status in (401, 403, 405, 406, 451):
            return Found("refused", f"says {status} {answer.reason} to programs; look in a browser")
        if status >= 400:
            return Found("failing", f"says {status} {answer.reason}")
        if urlsplit(here).path in ("", "/") and urlsplit(address).path not in ("", "/") and here != urldefrag(address)[0]:
            return Found("gone", f"leads to the front page only, {here}")
        if moved:
            return Found("moved", f"moved, write {moved}")
        return Found("there")


def _retry_after(text: str) -> float | None:
    """What a host asks us to wait, in seconds: it says a number, or a time."""
    if text.strip().isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _short(error: Exception) -> str:
    """The heart of a library's message."""
    told = re.sub(r"^.*(?:\[Errno -?\d+\]|NewConnectionError\([^:]*:|: )\s*", "", str(error).rstrip(")'\""))
    return told[:120] or type(error).__name__


def check(wanted: Iterable[str], asker: Asker, told: Callable[[int], None] = lambda _: None) -> dict[str, Found]:
    """What became of each address. Hosts are asked side by side, the addresses of one host one after the other."""
    by_host: dict[str, list[str]] = defaultdict(list)
    for address in wanted:
        by_host[urlsplit(address).netloc.lower()].append(address)
    done: dict[str, Found] = {}

    def no_network() -> bool:
        return len(done) >= FIRST and all(found.kind == "unreachable" for found in [*done.values()])

    def of_host(some: list[str]) -> None:
        for address in some:
            if no_network():
                return
            done[address] = asker.look(address)
            told(len(done))

    # The hosts with most to ask begin.
    with ThreadPoolExecutor(asker.manner.hosts) as pool:
        list(pool.map(of_host, sorted(by_host.values(), key=len, reverse=True)))
    if no_network() and len(done) < sum(map(len, by_host.values())):
        raise LinksError(f"None of the first {len(done)} addresses can be reached: is there a network?")
    return done


def command(sources: Sequence[str] = (), manner: Manner = Manner(), facts: Facts | None = None, ignore: Path = IGNORED, docs: Path = ROOT / "docs") -> int:
    """Check all addresses for somebody at a terminal: a line a problem, a summary; 1 if an address leads nowhere, else 0."""
    try:
        left_out = [re.compile(one.pattern) for one in ignored(ignore)]
        users = addresses(facts or load(), docs, sources)
        wanted = [address for address in users if not any(pattern.fullmatch(address) for pattern in left_out)]
        done = check(wanted, Asker(manner), _progress(len(wanted)))
    except LinksError as error:
        print(error, file=sys.stderr)
        return 2
    problems = sorted((address for address in wanted if done[address].kind != "there"), key=lambda one: (not done[one].leads_nowhere, done[one].kind, one))
    for address in problems:
        print(f"{address}: {done[address].says} [{', '.join(users[address])}]")
    count = {kind: sum(found.kind == kind for found in done.values()) for kind in ("there", "moved", "gone", "failing", "unreachable", "silent", "refused", "busy")}
    words = ", ".join(f"{number} {kind}" for kind, number in count.items() if number)
    print(f"{len(wanted)} addresses: {words or 'none asked'}; {len(users) - len(wanted)} left out by {shown(ignore)}")
    return int(any(found.leads_nowhere for found in done.values()))


def _progress(whole: int) -> Callable[[int], None]:
    def told(done: int) -> None:
        if done % 100 == 0 and done < whole:
            print(f"{done} of {whole}", file=sys.stderr)

    return told


# --- copies ----------------------------------------------------------------------------------------------------------


def archive(
    sources: Sequence[str] = (), manner: Manner = Manner(), facts: Facts | None = None, file: Path = DATA / "sources.yml", service: str = AVAILABILITY
) -> int:
    """Ask the Internet Archive for the copy of each source nearest to the day we looked, and enter it in the file; 1 if it could not be asked."""
    facts = facts or load()
    known = facts["sources"]
    if unknown := [one for one in sources if one not in known]:
        print(f"no record in data/sources.yml has the id {', '.join(unknown)}", file=sys.stderr)
        return 2
    wanted = [one for one in known.values() if one.URL and not one.archive and (not sources or one.id in sources)]
    count = {"entered": 0, "without": 0, "unknown": 0}
    try:
        asker = Asker(manner)
    except LinksError as error:
        print(error, file=sys.stderr)
        return 2
    for number, source in enumerate(wanted, 1):
        found = copy_of(source, asker, service)
        if isinstance(found, Found):
            print(f"{source.id}: the archive {found.says}")
            count["unknown"] += 1
            # A service that is down or has enough of us is left alone; what was found is in the file.
            if count["unknown"] >= 3 and not count["entered"] and not count["without"]:
                break
        elif found:
            enter(file, source.id, found)
            print(f"{source.id}: {found}")
            count["entered"] += 1
        else:
            print(f"{source.id}: no copy of {source.URL}; ask for one at https://web.archive.org/save")
            count["without"] += 1
        _progress(len(wanted))(number)
    print(f"{len(wanted)} sources without a copy: {count['entered']} entered in {shown(file)}, {count['without']} have none, {count['unknown']} not known")
    return int(count["unknown"] > 0)


def copy_of(source: Source, asker: Asker, service: str = AVAILABILITY) -> str | Found:
    """The address of the archived copy nearest to the day we looked; empty if there is none; a `Found` if it could not be asked."""
    assert source.URL
    assert source.accessed
    answer = asker.patiently(f"{service}?{urlencode({'url': source.URL, 'timestamp': source.accessed.replace('-', '')})}", body=True)
    if isinstance(answer, Found):
        return answer
    if answer.status_code != 200:
        return Found("refused", f"says {answer.status_code} {answer.reason}")
    try:
        nearest = json.loads(answer.content).get("archived_snapshots", {}).get("closest", {})
        if not (nearest.get("available") and str(nearest.get("status")) == "200"):
            return ""
        copy = re.sub(r"^http:", "https:", nearest["url"])
    except (ValueError, AttributeError, KeyError, TypeError):
        return Found("failing", "gives an answer that is none")
    try:
        return Source.model_validate({**source.model_dump(by_alias=True, exclude_none=True), "archive": copy}, context={"languages": None}).archive or ""
    except ValidationError:
        return Found("failing", f"names a copy by no address: {copy[:80]}")


def enter(file: Path, source: str, copy: str) -> None:
    """Write `archive` as the last line of a source's record. Every other line stays as it is, comments too."""
    content = file.read_bytes().decode("utf-8")
    ends = "\r\n" if "\r\n" in content else "\n"
    lines = content.splitlines(keepends=True)
    (start,) = (number for number, line in enumerate(lines) if re.fullmatch(rf"- id: *(['\"]?){re.escape(source)}\1\s*(#.*)?", line.rstrip("\r\n")))
    end = next((number for number in range(start + 1, len(lines)) if not re.match(r"\s+\S", lines[number])), len(lines))
    if not lines[end - 1].endswith("\n"):
        lines[end - 1] += ends
    lines.insert(end, f'  archive: "{copy}"{ends}')
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_bytes("".join(lines).encode("utf-8"))
    fresh.replace(file)
