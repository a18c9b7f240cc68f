"""Three browser engines with one interface: a reader who opens pages, presses keys and looks, in Chromium, Firefox or WebKit.

Chromium is driven by Playwright, Firefox over WebDriver BiDi on a socket, WebKit by Selenium through the driver that
comes with WebKitGTK. Each reader starts with nothing kept from the one before: no storage, no cookies, no cache.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import socketserver
import subprocess
import tempfile
import threading
import time
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import websocket
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.webkitgtk.options import Options

import browser

KEYS = {
    "Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "Space": " ", "ArrowDown": "\ue015", "ArrowUp": "\ue013", "ArrowLeft": "\ue012",
    "ArrowRight": "\ue014", "Home": "\ue011", "End": "\ue010", "Backspace": "\ue003", "Shift": "\ue008", "Control": "\ue009",
}  # fmt: skip
"""The keys by the names of the web, and what stands for each in the protocols of WebDriver."""

LOOKING = """new Promise(seen => {{
  const started = performance.now();
  (function look() {{
    if ({0}) seen(true); else if (performance.now() - started > 250) seen(false); else setTimeout(look, 10)
  }})()
}})"""


class Reader(ABC):
    """Somebody at a page of one engine."""

    @abstractmethod
    def open(self, url: str) -> None:
        """Go to an address and wait until the page has loaded."""

    @abstractmethod
    def size(self, width: int, height: int) -> None:
        """Give the page so many CSS pixels."""

    @abstractmethod
    def press(self, *keys: str) -> None:
        """Press keys one after the other, by the names in `KEYS` or by their character; `Shift+Tab` holds the first."""

    def click(self, selector: str) -> None:
        """Scroll to the first element that fits and click in its middle, on whatever is there."""
        x, y = self.evaluate(
            f"(e => {{ e.scrollIntoView({{block: 'center', behavior: 'instant'}}); const r = e.getClientRects()[0];"
            f" return [Math.round(r.x + r.width / 2), Math.round(r.y + r.height / 2)] }})(document.querySelector({json.dumps(selector)}))"
        )
        self._hit(x, y)

    @abstractmethod
    def _hit(self, x: int, y: int) -> None:
        """Click at a point of the window."""

    @abstractmethod
    def evaluate(self, expression: str) -> Any:
        """Return what a JavaScript expression gives on the page, as JSON would carry it; a promise is awaited."""

    @abstractmethod
    def errors(self) -> list[str]:
        """What went wrong on the pages so far: errors in the console and scripts that failed."""

    @abstractmethod
    def requests(self) -> list[str]:
        """Addresses that the pages asked for so far. WebKit tells only those on other hosts than this machine."""

    def type(self, text: str) -> None:
        """Press the key of each character."""
        self.press(*("Space" if character == " " else character for character in text))

    def wait_for(self, condition: str, seconds: float = 60) -> None:
        """Wait until a JavaScript condition holds, also over the loading of another page; fail after so many seconds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            # While one page makes room for the next there is nothing to ask.
            with suppress(PlaywrightError, BidiError, WebDriverException):
                if self.evaluate(LOOKING.format(condition)):
                    return
        raise AssertionError(f"waited in vain for: {condition} (at {self.evaluate('location.href')})")

    def elsewhere(self) -> list[str]:
        """The requests that left this machine."""
        return [url for url in self.requests() if url.startswith(("http", "ws")) and not re.match(r"\w+://127\.0\.0\.1[:/]", url)]


class Engine(ABC):
    """A running browser."""

    @contextmanager
    @abstractmethod
    def reader(self) -> Iterator[Reader]:
        """A new reader, who is gone at the end."""


# Chromium --------------------------------------------------------------------------------------


class ChromiumReader(Reader):
    def __init__(self, context: BrowserContext) -> None:
        self.page = context.new_page()
        self._errors: list[str] = []
        self._requests: list[str] = []
        self.page.on("console", lambda message: message.type == "error" and self._errors.append(message.text))
        self.page.on("pageerror", lambda error: self._errors.append(str(error)))
        context.on("request", lambda request: self._requests.append(request.url))

    def open(self, url: str) -> None:
        self.page.goto(url)

    def size(self, width: int, height: int) -> None:
        self.page.set_viewport_size({"width": width, "height": height})

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def _hit(self, x: int, y: int) -> None:
        self.page.mouse.click(x, y)

    def evaluate(self, expression: str) -> Any:
        return self.page.evaluate(f"() => ({expression})")

    def errors(self) -> list[str]:
        return self._errors

    def requests(self) -> list[str]:
        return self._requests


class Chromium(Engine):
    def __init__(self, running: Browser, dark: bool = False) -> None:
        self._running, self._scheme = running, "dark" if dark else "light"

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        context = self._running.new_context(color_scheme=self._scheme)
        yield ChromiumReader(context)
        context.close()


@contextmanager
def playwrights() -> Iterator[Browser]:
    """A Chromium as Playwright has it. There can be one only in a run."""
    program = browser.find()
    with sync_playwright() as playwright:
        # The sandbox does not work for root, as in a container; the pages are our own.
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        running = playwright.chromium.launch(executable_path=program, args=arguments)
        yield running
        running.close()


# Firefox ---------------------------------------------------------------------------------------


class BidiError(Exception):
    """The browser could not do what it was asked for."""


class Bidi:
    """A conversation in WebDriver BiDi: commands with their answers, and the events in between."""

    def __init__(self, url: str) -> None:
        self._socket = websocket.create_connection(url, timeout=120, suppress_origin=True)
        self._count = 0
        self.events: list[dict[str, Any]] = []

    def __call__(self, method: str, patience: float = 120, **parameters: Any) -> dict[str, Any]:
        """The answer to a command; BidiError if there is none within so many seconds."""
        self._count += 1
        self._socket.settimeout(patience)
        self._socket.send(json.dumps({"id": self._count, "method": method, "params": parameters}))
        try:
            while (message := json.loads(self._socket.recv())).get("id") != self._count:
                self.events.append(message)
        except websocket.WebSocketTimeoutException:
            raise BidiError(f"{method}: no answer in {patience} s") from None
        if message["type"] == "error":
            raise BidiError(f"{method}: {message['message']}")
        return message["result"]


class FirefoxReader(Reader):
    def __init__(self, bidi: Bidi) -> None:
        self._bidi = bidi
        self._user = bidi("browser.createUserContext")["userContext"]
        self._context = bidi("browsingContext.create", type="tab", userContext=self._user)["context"]

    def open(self, url: str) -> None:
        self._bidi("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def size(self, width: int, height: int) -> None:
        self._bidi("browsingContext.setViewport", context=self._context, viewport={"width": width, "height": height})

    def press(self, *keys: str) -> None:
        actions = []
        for key in keys:
            parts = [KEYS.get(part, part) for part in (key.split("+") if len(key) > 1 else [key])]
            actions += [{"type": "keyDown", "value": part} for part in parts]
            actions += [{"type": "keyUp", "value": part} for part in reversed(parts)]
        self._act({"type": "key", "id": "keys", "actions": actions})

    def _hit(self, x: int, y: int) -> None:
        button = [{"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp")]
        self._act({"type": "pointer", "id": "mouse", "actions": [{"type": "pointerMove", "x": x, "y": y}, *button]})

    def _act(self, source: dict[str, Any]) -> None:
        self._bidi("input.performActions", context=self._context, actions=[source])

    def evaluate(self, expression: str) -> Any:
        answer = self._bidi(
            # What is asked of a page that is just being left may never be answered.
            "script.evaluate", patience=15, target={"context": self._context}, awaitPromise=True, userActivation=False,
            expression=f"Promise.resolve({expression}).then(found => JSON.stringify(found))",
        )  # fmt: skip
        if answer["type"] == "exception":
            raise BidiError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"].get("value", "null"))

    def errors(self) -> list[str]:
        return [event["text"] for event in self._events("log.entryAdded") if event["level"] == "error"]

    def requests(self) -> list[str]:
        return [event["request"]["url"] for event in self._events("network.beforeRequestSent")]

    def _events(self, method: str) -> list[dict[str, Any]]:
        self._bidi("session.status")  # whatever is on its way comes before the answer
        mine = [event["params"] for event in self._bidi.events if event.get("method") == method]
        return [event for event in mine if self._context in (event.get("context"), event.get("source", {}).get("context"))]

    def close(self) -> None:
        self._bidi("browser.removeUserContext", userContext=self._user)
        self._bidi.events.clear()


class Firefox(Engine):
    def __init__(self, bidi: Bidi) -> None:
        self._bidi = bidi

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        reader = FirefoxReader(self._bidi)
        yield reader
        reader.close()


@contextmanager
def firefox(dark: bool = False) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        settings = {
            "layout.css.prefers-color-scheme.content-override": 0 if dark else 1,
            # What a browser does on its own account is none of the pages'.
            "app.update.disabledForTesting": True, "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
        }  # fmt: skip
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items())
        (Path(profile) / "user.js").write_text("".join(lines))
        command = [browser.firefox(), "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        with _running(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            address = next(found[0] for line in process.stderr if (found := re.search(r"ws://\S+", line)))
            threading.Thread(target=process.stderr.read, daemon=True).start()  # or it would stop when the pipe is full
            bidi = Bidi(f"{address}/session")
            bidi("session.new", capabilities={})
            bidi("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
            yield Firefox(bidi)


# WebKit ----------------------------------------------------------------------------------------


class WebKitReader(Reader):
    def __init__(self, driver: webdriver.Remote, asked: list[str], quiet: dict[str, str]) -> None:
        self._driver, self._asked, self._environment = driver, asked, quiet
        self._errors: list[str] = []

    def open(self, url: str) -> None:
        self._keep()
        self._driver.get(url)
        self._errors += self._said(url)
        # The driver tells of no errors. Those of loading are heard above; from now on the page keeps them.
        self.evaluate("(addEventListener('error', e => (window.failed ||= []).push(e.message)), null)")

    def _said(self, url: str) -> list[str]:
        """What the page writes into the console while it loads. The browser tells only when no driver leads it, so it loads once more."""
        options = ["--enable-write-console-messages-to-stdout=true", "--exit-after-load"]
        said = subprocess.run([browser.webkit(), *options, url], env=self._environment, capture_output=True, text=True, timeout=60)
        return [line for line in (said.stdout + said.stderr).splitlines() if re.search(r"CONSOLE .*ERROR", line)]

    def _keep(self) -> None:
        self._errors += self.evaluate("window.failed || []")

    def size(self, width: int, height: int) -> None:
        self._driver.set_window_rect(width=width, height=height)
        frame = height - self.evaluate("innerHeight")
        self._driver.set_window_rect(width=width, height=height + frame)
        self.wait_for(f"innerWidth === {width} && innerHeight === {height}")

    def press(self, *keys: str) -> None:
        for key in keys:
            *held, last = [KEYS.get(part, part) for part in (key.split("+") if len(key) > 1 else [key])]
            actions = ActionChains(self._driver, duration=0)
            for one in held:
                actions.key_down(one)
            actions.send_keys(last)
            for one in held:
                actions.key_up(one)
            actions.perform()

    def _hit(self, x: int, y: int) -> None:
        actions = ActionBuilder(self._driver, duration=0)
        actions.pointer_action.move_to_location(x, y).click()
        actions.perform()

    def evaluate(self, expression: str) -> Any:
        return self._driver.execute_script(f"return ({expression})")

    def errors(self) -> list[str]:
        self._keep()
        self.evaluate("(window.failed = [], null)")
        return self._errors

    def requests(self) -> list[str]:
        return self._asked


class WebKit(Engine):
    def __init__(self, environment: dict[str, str], dark: bool) -> None:
        self._environment, self._dark = environment, dark

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        asked: list[str] = []
        with _proxy(asked) as port:
            # Named to the system, not to the driver: told by that one, WebKit breaks down at one start in ten.
            there = f"http://127.0.0.1:{port}"
            environment = {**self._environment, "http_proxy": there, "https_proxy": there, "no_proxy": "127.0.0.1"}
            # A driver of its own for each: after one browser it may wait for ever for the next.
            with _driver(environment) as address:
                options = Options()
                options.binary_location = browser.webkit()
                options.add_argument("--automation")
                if self._dark:
                    options.add_argument("--dark-mode")
                driver = webdriver.Remote(address, options=options, client_config=ClientConfig(address, timeout=60))
                yield WebKitReader(driver, asked, environment)
                driver.quit()


@contextmanager
def _driver(environment: dict[str, str]) -> Iterator[str]:
    """The address of a driver that listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with _running(["WebKitWebDriver", f"--port={port}"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        address = f"http://127.0.0.1:{port}"
        _until_it_answers(f"{address}/status")
        yield address


@contextmanager
def _proxy(asked: list[str]) -> Iterator[int]:
    """A proxy that lets nothing through, but keeps in `asked` what it was asked for; its port."""

    class Refuse(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            method, _, rest = self.rfile.readline().decode("latin-1").partition(" ")
            address = rest.split(" ")[0]
            asked.append(f"https://{address}" if method == "CONNECT" else address)
            self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refuse) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


# The window's own frame would keep it from becoming as narrow as a phone.
NO_FRAME = "* { padding: 0; margin: 0; min-width: 0; min-height: 0; border-width: 0; font-size: 1px }"


@contextmanager
def webkit(dark: bool = False) -> Iterator[Engine]:
    with ExitStack() as stack:
        settings = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        (settings / "gtk-3.0").mkdir()
        (settings / "gtk-3.0" / "gtk.css").write_text(NO_FRAME)
        # It does not open its pages in a sandbox for root, as in a container; the pages are our own.
        environment = {**os.environ, "XDG_CONFIG_HOME": str(settings), "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
        # Without a bus no browser hands its page to another that is still there.
        environment["DBUS_SESSION_BUS_ADDRESS"] = "disabled:"
        environment["DISPLAY"] = stack.enter_context(_screen())
        yield WebKit(environment, dark)


@contextmanager
def _screen() -> Iterator[str]:
    """A screen that nobody sees; its name."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1300x24", "-nolisten", "tcp"]
    with _running(command, pass_fds=(writing,), stderr=subprocess.DEVNULL), os.fdopen(reading) as told:
        os.close(writing)
        yield f":{told.readline().strip()}"


def _until_it_answers(url: str, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


# All three -------------------------------------------------------------------------------------


@contextmanager
def _running(command: list[str], **options: Any) -> Iterator[subprocess.Popen]:
    """A program and all that it starts, ended together."""
    process = subprocess.Popen(command, start_new_session=True, **options)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


WITHOUT_PLAYWRIGHT = {"firefox": firefox, "webkit": webkit}
"""How these are started: `with firefox(dark=True) as engine, engine.reader() as reader: ...`"""
ENGINES = ("chromium", *WITHOUT_PLAYWRIGHT)
