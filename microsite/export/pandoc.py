"""Pandoc with its results kept by content, and office files and archives whose bytes depend on their content alone."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pypandoc

from microsite.load import ROOT

CACHE = ROOT / ".cache" / "pandoc"
_METADATA = "--metadata="


def convert(text: str, source: str, target: str, *arguments: str, day: str = "1980-01-01", cache: Path | None = None) -> bytes:
    """A text in one of pandoc's formats in another. `day` is the day that the file says it was made on (ISO 8601).

    Pandoc takes a quarter of a second, so the result is kept; `cache` is a folder that may be deleted, by default the project's.
    """
    epoch = str(int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()))
    asked = json.dumps([pypandoc.get_pandoc_version(), "defaults", source, target, arguments, epoch, text])
    cache = cache or CACHE
    kept = cache / hashlib.sha256(asked.encode()).hexdigest()[:24]
    if kept.exists():
        return kept.read_bytes()
    # Pandoc reads what stands on its command line by the locale, which may know ASCII only; files are UTF-8 to it everywhere.
    metadata = dict(argument.removeprefix(_METADATA).split(":", 1) for argument in arguments if argument.startswith(_METADATA))
    with tempfile.TemporaryDirectory() as folder:
        defaults = Path(folder) / "defaults.yaml"
        defaults.write_text(json.dumps({"metadata": metadata}), encoding="utf-8")
        others = [argument for argument in arguments if not argument.startswith(_METADATA)]
        done = subprocess.run(
            [pypandoc.get_pandoc_path(), "--from", source, "--to", target, "--wrap=none", "--eol=lf", "--output=-", f"--defaults={defaults}", *others],
            input=text.encode(), capture_output=True, env={**os.environ, "SOURCE_DATE_EPOCH": epoch}, check=False,
        )  # fmt: skip
    if done.returncode:
        raise ValueError(f"pandoc: {done.stderr.decode(errors='replace').strip()}")
    cache.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(done.stdout)
    fresh.replace(kept)
    return done.stdout


def archive(files: Mapping[str, bytes], day: str, first: Iterable[str] = ()) -> bytes:
    """A zip of files by their path, in order of their names, all dated `day`. `first` stand before all others, stored as they are."""
    made = io.BytesIO()
    first = list(first)
    with zipfile.ZipFile(made, "w") as out:
        for path in (*first, *sorted(files.keys() - set(first))):
            info = zipfile.ZipInfo(path, (*map(int, day.split("-")), 0, 0, 0))
            info.create_system = 3  # the same on every system
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_STORED if path in first else zipfile.ZIP_DEFLATED
            out.writestr(info, files[path], compresslevel=9)
    return made.getvalue()


def normal(office: bytes, day: str) -> bytes:
    """An ODT or PPTX of pandoc's with every trace of when and where it was made taken out but `day`."""
    with zipfile.ZipFile(io.BytesIO(office)) as read:
        files = {info.filename: read.read(info) for info in read.infolist() if not info.is_dir()}
    for path in ("meta.xml", "docProps/core.xml"):
        if path in files:
            text = files[path].decode()
            files[path] = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?", f"{day}T00:00:00", text).encode()
    if "styles.xml" in files:
        files["styles.xml"] = _a4(files["styles.xml"].decode()).encode()
    return archive(files, day, [name for name in ("mimetype", "[Content_Types].xml") if name in files])


def _a4(styles: str) -> str:
    """Pandoc's styles for ODT with European paper, lines one and a half apart, and ruled tables to write in."""
    styles = re.sub(r'fo:page-width="[^"]*"', 'fo:page-width="210mm"', styles)
    styles = re.sub(r'fo:page-height="[^"]*"', 'fo:page-height="297mm"', styles)
    styles = re.sub(r'(fo:margin-(?:top|bottom|left|right))="1in"', r'\1="18mm"', styles)
    styles = re.sub(r'(style:name="Text_20_body".*?<style:paragraph-properties)', r'\1 fo:line-height="150%"', styles, count=1, flags=re.S)
    cell = '<style:table-cell-properties fo:border="0.5pt solid #000000" fo:padding="1.5mm"/>'
    for name in ("TableRowCell", "TableHeaderRowCell"):
        styles = re.sub(rf'<style:style style:name="{name}".*?</style:style>|<style:style style:name="{name}"[^>]*/>', "", styles, flags=re.S)
        styles = styles.replace("</office:styles>", f'<style:style style:name="{name}" style:family="table-cell">{cell}</style:style></office:styles>')
    return styles
