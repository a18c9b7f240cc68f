"""Where the browsers are, for the tests; run as a program with `--install`, it sees to it that they and other tools are there.

As root on Debian it installs what is missing. Elsewhere the tests use what they find and leave out the rest;
where `BROWSER_REQUIRED` is set, nothing may be left out.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
ELSEWHERE = (  # where the installers of macOS and Windows put it, off the path
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
FIREFOX_NAMES = ("firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox", r"C:\Program Files\Mozilla Firefox\firefox.exe")
BESIDE_WEBKIT = ("WebKitWebDriver", "Xvfb")
"""What the tests need to drive WebKit: its driver, and a screen that nobody sees."""


def find() -> str | None:
    """Return the Chromium to start: the one that `CHROMIUM` names, one of this system, or Playwright's own."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    return _first(*NAMES, *ELSEWHERE) or _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def firefox() -> str | None:
    """Return the Firefox to start: the one that `FIREFOX` names, or one of this system."""
    if named := os.environ.get("FIREFOX"):
        return shutil.which(named)
    return _first(*FIREFOX_NAMES)


def webkit() -> str | None:
    """Return the small browser that comes with WebKitGTK, if all is there that it takes to drive it."""
    if not all(map(shutil.which, BESIDE_WEBKIT)):
        return None
    found = sorted(Path("/usr").glob("lib*/**/webkit2gtk-4.1/MiniBrowser")) or sorted(Path("/usr").glob("lib*/**/webkit2gtk-4.*/MiniBrowser"))
    return str(found[-1]) if found else None


def _first(*names: str) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


NEEDED: dict[str, tuple[Callable[[], str | None], tuple[str, ...]]] = {
    "Chromium": (find, ("chromium",)),
    "Firefox": (firefox, ("firefox-esr",)),
    "WebKit": (webkit, ("webkit2gtk-driver", "xvfb")),
    "Java": (lambda: shutil.which("java"), ("default-jre-headless",)),  # runs the checkers of HTML and of the e-book
    "npm": (lambda: shutil.which("npm"), ("npm",)),  # brings the rules of accessibility and the checker of HTML
}
"""What the tests need from the system: where each thing is, and the packages of Debian that bring it."""


def install() -> None:
    """Install the system's packages for what is missing, where we may: as root on Debian."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    missing = {name: packages for name, (where, packages) in NEEDED.items() if not where() and name.upper() not in os.environ}
    quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
    if missing:
        print(f"Installing {', '.join(missing)} for the tests", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
    # One by one: where a system has not the one, it may have the others.
    for packages in missing.values():
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], check=False, **quiet)


def main() -> int:
    if "--install" in sys.argv:
        install()
    missing = []
    for name, (where, packages) in NEEDED.items():
        if path := where():
            print(f"{name}: {path}")
        else:
            missing.append(name)
            print(f"{name}: not found, so its tests are left out. On Debian: apt-get install {' '.join(packages)}", file=sys.stderr)
    if "Chromium" in missing:
        print("Chrome will do, too; or name one in the environment variable CHROMIUM, or: python -m playwright install chromium", file=sys.stderr)
    return 1 if missing and os.environ.get("BROWSER_REQUIRED") else 0


if __name__ == "__main__":
    sys.exit(main())
