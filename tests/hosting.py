"""A host on this machine for tests: serves a folder, says what the site's `_headers` ask for, and can be stopped like a network."""

from __future__ import annotations

import functools
import gzip
import hashlib
import http.server
import io
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

Rules = list[tuple[str, dict[str, str]]]
PACKED = {".html", ".css", ".js", ".svg", ".json", ".webmanifest", ".xml", ".txt"}
"""What hosts compress; pictures and archives are compressed already."""


def rules(text: str) -> Rules:
    """`_headers` as read by the hosts that know it: a path, perhaps ending in a star, and below it what to say."""
    found: Rules = []
    for line in text.splitlines():
        if line.startswith("  "):
            name, _, value = line.strip().partition(": ")
            found[-1][1][name] = value
        elif line:
            found.append((line, {}))
    return found


def said(found: Rules, path: str) -> list[tuple[str, str]]:
    """What the rules say of a path; a header that two rules give stands twice."""
    fits = (headers for where, headers in found if path == where or (where.endswith("*") and path.startswith(where[:-1])))
    return [pair for headers in fits for pair in headers.items()]


class Answer(NamedTuple):
    """What was answered to one request: the path asked for, the status, and all bytes that were sent, headers and content."""

    path: str
    status: int
    size: int


@functools.lru_cache(maxsize=None)
def packed(path: Path, changed: int) -> tuple[bytes, str]:
    """A file compressed as most hosts do it, and a tag for its content."""
    content = path.read_bytes()
    return gzip.compress(content, 6, mtime=0), f'"{hashlib.sha256(content).hexdigest()[:16]}"'


class Host:
    """The folder at `address`, which ends in a slash, until `stop`. `refuses` tells which paths cannot be had; `before` is called with each
    path ahead of its answer, and may keep it waiting. With `pack` it keeps connections open, compresses and tags as hosts in the world do."""

    def __init__(self, folder: Path, headers: Rules | None = None, pack: bool = False) -> None:
        self.refuses: Callable[[str], bool] = lambda path: False
        self.before: Callable[[str], object] = lambda path: None
        self.answers: list[Answer] = []
        host = self

        class Handler(http.server.SimpleHTTPRequestHandler):
            protocol_version = "HTTP/1.1" if pack else "HTTP/1.0"
            status = 0

            def log_message(self, *_: object) -> None:
                pass

            def setup(self) -> None:
                super().setup()
                self.sent, write = 0, self.wfile.write

                def counted(content: bytes) -> int:
                    self.sent += len(content)
                    return write(content)

                self.wfile.write = counted

            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                self.status = int(code)

            def do_GET(self) -> None:
                before = self.sent
                host.before(self.path.partition("?")[0])
                super().do_GET()
                host.answers.append(Answer(self.path, self.status, self.sent - before))

            def send_head(self):
                if host.refuses(self.path.partition("?")[0]):
                    self.send_error(503)
                    return None
                path = Path(self.translate_path(self.path))
                path = path / "index.html" if path.is_dir() else path
                if not pack or path.suffix not in PACKED or not path.is_file() or "gzip" not in self.headers.get("Accept-Encoding", ""):
                    return super().send_head()
                content, tag = packed(path, path.stat().st_mtime_ns)
                known = self.headers.get("If-None-Match") == tag
                self.send_response(304 if known else 200)
                self.send_header("ETag", tag)
                if not known:
                    self.send_header("Content-Type", self.guess_type(str(path)))
                    self.send_header("Content-Encoding", "gzip")
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                return None if known else io.BytesIO(content)

            def end_headers(self) -> None:
                for name, value in said(headers or [], self.path.partition("?")[0]):
                    self.send_header(name, value)
                super().end_headers()

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
        self.address = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Host:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
