"""Where a Chromium is, for the tests; run as a program with `--install`, it sees to it that there is one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
ELSEWHERE = (  # where the installers of macOS and Windows put it, off the path
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)


def find() -> str | None:
    """Return the program to start: the one that `CHROMIUM` names, one of this system, or Playwright's own."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    for name in (*NAMES, *ELSEWHERE):
        if path := shutil.which(name):
            return path
    return _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> str | None:
    """Return `find()`; where there is none, and we may (root on Debian), install the system's package first."""
    if path := find():
        return path
    if "CHROMIUM" not in os.environ and shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing Chromium for the tests", flush=True)
        quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=False, **quiet)
    return find()


def main() -> int:
    path = install() if "--install" in sys.argv else find()
    if path:
        print(f"Browser: {path}")
        return 0
    print(
        "No Chromium found, so the tests that need one are left out. Install Chromium or Chrome, name one in the\n"
        "environment variable CHROMIUM, or run: python -m playwright install chromium",
        file=sys.stderr,
    )
    return 1 if os.environ.get("BROWSER_REQUIRED") else 0


if __name__ == "__main__":
    sys.exit(main())
