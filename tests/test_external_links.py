"""`make links` tells what became of an address, politely, and finds copies: here all hosts are one server on this machine."""

from __future__ import annotations

import http.server
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from microsite import links
from microsite.links import Asker, Found, LinksError, Manner
from microsite.load import ROOT, load
from microsite.model import Facts, Source

QUICK = Manner(connect=2, answer=0.5, pause=0, tries=3, backoff=0.01, longest_wait=2)


class Host:
    """A server with a page for each thing that may become of an address; it notes what it was asked, and when."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.times: list[float] = []
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        self.over = threading.Event()
        host = self

        class Answers(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                with host.lock:
                    host.asked[self.path] += 1
                    host.times.append(time.monotonic())
                    host.at_once += 1
                    host.most_at_once = max(host.most_at_once, host.at_once)
                try:
                    host.answer(self)
                finally:
                    with host.lock:
                        host.at_once -= 1

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()

    def answer(self, to: http.server.BaseHTTPRequestHandler) -> None:
        path = urlsplit(to.path).path
        count = self.asked[to.path]
        status, headers, body = 200, {}, b"here"
        if path.strip("/").isdigit():
            status = int(path.strip("/"))
        elif path == "/moved":
            status, headers = 301, {"Location": "/200?new"}
        elif path == "/moved-twice":
            status, headers = 308, {"Location": self.address + "/moved"}
        elif path == "/for-now":
            status, headers = 302, {"Location": "/moved"}
        elif path == "/moved-then-for-now":
            status, headers = 301, {"Location": "/for-now"}
        elif path == "/moved-to-nothing":
            status, headers = 301, {"Location": "/404"}
        elif path == "/to-the-front":
            status, headers = 302, {"Location": "/"}
        elif path == "/round":
            status, headers = 302, {"Location": "/round"}
        elif path == "/busy" and count == 1:
            status, headers = 429, {"Retry-After": "1"}
        elif path == "/busy-until" and count == 1:
            status, headers = 503, {"Retry-After": formatdate(time.time() + 2, usegmt=True)}
        elif path == "/busy-for-hours":
            status, headers = 429, {"Retry-After": "7200"}
        elif path == "/recovers" and count < 3:
            status = 500
        elif path == "/slow":
            time.sleep(0.25)
        elif path == "/never":
            self.over.wait(5)
            return
        elif path == "/available":
            body = self.copies(parse_qs(urlsplit(to.path).query))
        to.send_response(status)
        for name, value in headers.items():
            to.send_header(name, value)
        to.send_header("Content-Length", str(len(body)))
        to.end_headers()
        to.wfile.write(body)

    def copies(self, asked: dict[str, list[str]]) -> bytes:
        """What the Internet Archive's interface says, in its own form."""
        url, day = asked["url"][0], asked["timestamp"][0]
        if "none" in url:
            return json.dumps({"url": url, "archived_snapshots": {}}).encode()
        if "odd" in url:
            return b"<html>Sorry</html>"
        status = "404" if "failed" in url else "200"
        closest = {"status": status, "available": True, "url": f"http://web.archive.org/web/{day}120000/{url}", "timestamp": f"{day}120000"}
        return json.dumps({"url": url, "archived_snapshots": {"closest": closest}}).encode()


@pytest.fixture
def host() -> Iterator[Host]:
    made = Host()
    yield made
    made.close()


def source(name: str, url: str, **more: str) -> Source:
    values = {"id": name, "type": "webpage", "title": "A page", "publisher": "Somebody", "URL": url, "accessed": "2026-11-22", "kind": "press", **more}
    return Source.model_validate(values, context={"languages": None})


def facts(**urls: str) -> Facts:
    return Facts({"sources": {name: source(name, url) for name, url in urls.items()}}, {})


@pytest.mark.parametrize(
    ("path", "kind", "says"),
    [
        ("/200", "there", ""),
        ("/200#part", "there", ""),
        ("/moved", "moved", "moved, write {}/200?new"),
        ("/moved-twice", "moved", "moved, write {}/200?new"),
        ("/for-now", "there", ""),
        ("/moved-then-for-now", "moved", "moved, write {}/for-now"),
        ("/moved-to-nothing", "gone", "says 404 Not Found (after {}/404)"),
        ("/to-the-front", "gone", "leads to the front page only"),
        ("/round", "failing", "from one address to the next without end"),
        ("/404", "gone", "says 404"),
        ("/410", "gone", "says 410"),
        ("/403", "refused", "says 403 Forbidden to programs; look in a browser"),
        ("/418", "failing", "says 418"),
        ("/500", "failing", "says 500 Internal Server Error"),
        ("/busy", "there", ""),
        ("/busy-until", "there", ""),
        ("/busy-for-hours", "busy", "to come back in 7200 seconds"),
        ("/429", "busy", "says 429"),
        ("/recovers", "there", ""),
        ("/slow", "there", ""),
        ("/never", "silent", "gives no answer in time"),
    ],
)
def test_what_became_of_an_address(host: Host, path: str, kind: str, says: str) -> None:
    found = Asker(QUICK).look(host.address + path)
    assert found.kind == kind, found
    assert says.format(host.address) in found.says


def test_a_host_that_is_not_there_is_told(host: Host) -> None:
    host.close()
    found = Asker(QUICK).look(f"{host.address}/200")
    assert found.kind == "unreachable"
    assert "refused" in found.says


def test_a_host_is_asked_again_but_not_for_ever(host: Host) -> None:
    asker = Asker(QUICK)
    for path in ("/500", "/never", "/404", "/busy-for-hours"):
        asker.look(host.address + path)
    assert host.asked == {"/500": 3, "/never": 3, "/404": 1, "/busy-for-hours": 1}


def test_a_host_that_asks_us_to_wait_is_left_alone_so_long(host: Host) -> None:
    Asker(QUICK).look(f"{host.address}/busy")
    assert host.times[1] - host.times[0] >= 1


def test_each_host_gets_one_question_at_a_time_with_a_pause() -> None:
    hosts = [Host(), Host()]
    try:
        wanted = [f"{host.address}/slow?{number}" for number in range(4) for host in hosts]
        done = links.check(wanted, Asker(Manner(pause=0.1, answer=5)))
        assert all(found == Found("there") for found in done.values())
        assert [host.most_at_once for host in hosts] == [1, 1]
        for host in hosts:
            assert min(b - a for a, b in zip(host.times, host.times[1:], strict=False)) >= 0.3
        # Side by side: neither waits until the other is through.
        assert max(host.times[0] for host in hosts) < min(host.times[-1] for host in hosts)
    finally:
        for host in hosts:
            host.close()


def test_the_report_names_the_records_and_what_to_write(host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docs, ignore = tmp_path / "docs", tmp_path / "links.yml"
    (docs / "en").mkdir(parents=True)
    (docs / "en/page.md").write_text(f"# Page\n\nSee [this]({host.address}/404) and <{host.address}/200>.\n", "utf-8")
    ignore.write_text(f"- pattern: '{host.address}/50.'\n  reason: It has been down for a year.\n  since: '2026-11-22'\n", "utf-8")
    known = facts(there=f"{host.address}/200", old=f"{host.address}/moved", gone=f"{host.address}/404", down=f"{host.address}/500")
    assert links.command(manner=QUICK, facts=known, ignore=ignore, docs=docs) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{host.address}/404: says 404 Not Found [data/sources.yml: gone, ")
    assert lines[0].endswith("page.md:3]")
    assert lines[1] == f"{host.address}/moved: moved, write {host.address}/200?new [data/sources.yml: old]"
    assert lines[2].startswith("3 addresses: 1 there, 1 moved, 1 gone; 1 left out by ")
    assert "/500" not in host.asked


def test_without_a_network_it_says_so_soon(host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    host.close()
    (tmp_path / "links.yml").write_text("[]\n", "utf-8")
    known = facts(**{f"s{number}": f"{host.address}/{number}" for number in range(200)})
    assert links.command(manner=Manner(backoff=0, pause=0, tries=1), facts=known, ignore=tmp_path / "links.yml", docs=tmp_path) == 2
    assert "is there a network?" in capsys.readouterr().err


def test_what_moved_or_refuses_programs_does_not_fail_the_check(host: Host, tmp_path: Path) -> None:
    (tmp_path / "links.yml").write_text("[]\n", "utf-8")
    known = facts(old=f"{host.address}/moved", closed=f"{host.address}/403", gone=f"{host.address}/404")
    assert links.command(["old", "closed"], QUICK, known, tmp_path / "links.yml") == 0
    assert links.command(["gone"], QUICK, known, tmp_path / "links.yml") == 1
    assert links.command(["nobody"], QUICK, known, tmp_path / "links.yml") == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- pattern: x\n  since: '2026-11-22'\n", ":1: reason: Field required"),
        ("- {pattern: x, reason: y, since: '2026-11-22'}\n- {pattern: x, reason: y, since: '2026-13-22'}\n", ":2: since: "),
        ("- {pattern: '(', reason: y, since: '2026-11-22'}\n", "is no regular expression"),
        ("pattern: x\n", "the list: "),
        ("- [\n", "is not YAML"),
    ],
)
def test_an_ignored_address_needs_a_reason_and_a_day(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "links.yml").write_text(text, "utf-8")
    with pytest.raises(LinksError, match="links.yml") as told:
        links.ignored(tmp_path / "links.yml")
    assert says in str(told.value)


def test_the_list_of_the_project_is_sound_and_matches_something() -> None:
    found = links.addresses(load())
    assert len(found) > 1000
    import re

    for one in links.ignored():
        assert any(re.fullmatch(one.pattern, address) for address in found), f"links.yml: {one.pattern}: matches nothing any more; take it out"


def test_addresses_are_found_where_they_stand() -> None:
    found = links.addresses(load())
    first = next(one for one in load()["sources"].values() if one.URL)
    assert f"data/sources.yml: {first.id}" in found[first.URL or ""]
    assert any(user.startswith("docs/en/reference/open-data.md:") for user in found["https://creativecommons.org/licenses/by/4.0/"])
    assert not any(address.startswith("https://working-together.example") for address in found)
    assert not any(address.endswith((".", ",", ")")) and address.count("(") != address.count(")") for address in found)


# --- copies ----------------------------------------------------------------------------------------------------------

SOURCES = """# A comment at the top.
- id: first
  type: webpage
  title: "First: a “page” # of somebody"
  publisher: Somebody
  URL: "{0}/first"
  accessed: '2025-03-01'
  kind: press   # a comment at the side

# A comment between.
- id: none-there
  type: webpage
  title: Second
  publisher: Somebody
  URL: "{0}/none"
  accessed: '2025-03-02'
  kind: press
- id: kept
  type: webpage
  title: Third
  publisher: Somebody
  URL: "{0}/third"
  accessed: '2025-03-03'
  kind: press
  archive: "https://web.archive.org/web/2019/{0}/third"
- id: first-two
  type: webpage
  title: Fourth
  publisher: Somebody
  URL: "{0}/fourth?a=1&b=2"
  accessed: '2025-03-04'
  kind: press"""


def known(text: str) -> Facts:
    return Facts({"sources": {one["id"]: Source.model_validate(one, context={"languages": None}) for one in yaml.safe_load(text)}}, {})


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_copies_are_entered_and_every_other_line_stays(host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str], ends: str) -> None:
    file = tmp_path / "sources.yml"
    text = SOURCES.format(host.address)
    file.write_bytes(text.replace("\n", ends).encode())
    assert links.archive(manner=QUICK, facts=known(text), file=file, service=f"{host.address}/available") == 0
    after = file.read_bytes().decode()
    added = {f'  archive: "https://web.archive.org/web/{day}120000/{host.address}/{path}"{ends}' for day, path in (("20250301", "first"), ("20250304", "fourth?a=1&b=2"))}
    lines = after.splitlines(keepends=True)
    assert {line for line in lines if line in added} == added
    assert "".join(line for line in lines if line not in added).rstrip() == text.replace("\n", ends)
    records = yaml.safe_load(after)
    assert [one["id"] for one in records if "archive" in one] == ["first", "kept", "first-two"]
    assert [{key: value for key, value in one.items() if key != "archive" or one["id"] == "kept"} for one in records] == yaml.safe_load(text)
    said = capsys.readouterr().out
    assert f"none-there: no copy of {host.address}/none" in said
    assert "3 sources without a copy: 2 entered" in said
    # Asked again, nothing is entered twice.
    assert links.archive(manner=QUICK, facts=known(after), file=file, service=f"{host.address}/available") == 0
    assert file.read_bytes().decode() == after


@pytest.mark.parametrize(("url", "found"), [("http://x.example/none", ""), ("http://x.example/failed", "")])
def test_a_copy_of_a_failure_is_none(host: Host, url: str, found: str) -> None:
    assert links.copy_of(source("one", url), Asker(QUICK), f"{host.address}/available") == found


@pytest.mark.parametrize("service", ["/available", "/500", "/never", "/404"])
def test_an_archive_that_cannot_be_asked_changes_nothing(host: Host, tmp_path: Path, service: str) -> None:
    file = tmp_path / "sources.yml"
    text = SOURCES.format(host.address + "/odd")
    file.write_text(text, "utf-8")
    assert links.archive(["first"], QUICK, known(text), file, host.address + service) == 1
    assert file.read_text("utf-8") == text


def test_the_file_of_the_project_can_be_written_to(tmp_path: Path) -> None:
    copy = tmp_path / "sources.yml"
    copy.write_bytes((ROOT / "data/sources.yml").read_bytes())
    before = copy.read_text("utf-8").splitlines()
    some = list(load()["sources"])[:: len(load()["sources"]) // 20]
    for name in some:
        links.enter(copy, name, "https://web.archive.org/web/2026/https://x.example/")
    records = {one["id"]: one for one in yaml.load(copy.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))}
    assert [name for name, one in records.items() if "archive" in one] == sorted(some, key=list(records).index)
    assert [line for line in copy.read_text("utf-8").splitlines() if not line.startswith("  archive:")] == before
