"""A host on this machine for tests: serves a folder, says what the site's `_headers` ask for, and can be stopped like a network."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable
from pathlib import Path

Rules = list[tuple[str, dict[str, str]]]


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


class Host:
    """The folder at `address`, which ends in a slash, until `stop`. `refuses` tells which paths cannot be had."""

    def __init__(self, folder: Path, headers: Rules | None = None) -> None:
        self.refuses: Callable[[str], bool] = lambda path: False
        host = self

        class Handler(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def send_head(self):
                if host.refuses(self.path.partition("?")[0]):
                    self.send_error(503)
                    return None
                return super().send_head()

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
