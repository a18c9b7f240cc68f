"""Serve an edition while it is being written, reloading on prose, data, macros, engine and theme."""

import logging
import sys
from typing import Any

import mkdocs.config
from click import ClickException
from mkdocs.commands import serve
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort

from microsite.build import ROOT, Words


def preview(settings: str) -> int:
    """Serve the edition with these settings (a file name such as `mkdocs.it.yml`) until interrupted; return the exit code."""
    handler = logging.StreamHandler()
    handler.setFormatter(Words("%(message)s"))
    log = logging.getLogger("mkdocs")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    # MkDocs loads the settings before each build, so that is the moment to forget the last one.
    serve.load_config = _load_config_afresh
    try:
        serve.serve(str(ROOT / settings), strict=False)
    except ClickException as error:
        print(error.format_message(), file=sys.stderr)
        return 1
    return 0


def _load_config_afresh(*args: Any, **kwargs: Any) -> MkDocsConfig:
    """Load the settings, with the data and the engine read anew, and a mistake in them told in words."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "microsite"]:
        del sys.modules[name]
    from microsite.load import DataError, load

    try:
        load()
    except DataError as error:
        raise Abort(str(error)) from None
    config = mkdocs.config.load_config(*args, **kwargs)
    # A failing macro is shown on its page; by exit() it would end the server without a word.
    config.plugins["macros"].config["on_error_fail"] = False
    return config
