"""Reads a file in a process of its own, with limits on memory and time: a hostile file takes down this process only."""

import resource
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from flowbuilder.knowledge.loaders import Unreadable

SECONDS = 120
MEMORY = 4 * 2**30
WRITTEN = 64 * 2**20
"""The PDF library unpacks itself into the temporary folder on first use."""
LONGEST = 50_000_000
"""Characters of text; a document of 10,000 pages has about half as many."""
REFUSED = 3
"""The exit status of a loader that says why; anything else is a crash."""
OFFICE = ("pdf", "docx", "xlsx", "xls", "ods", "pptx", "odt", "epub", "rtf", "eml", "html")
LOADERS = {
    **dict.fromkeys(("txt", "md"), "plain"),
    **dict.fromkeys(OFFICE, "office"),
    **dict.fromkeys(("csv", "tsv"), "tables"),
    **dict.fromkeys(("json", "jsonl", "yaml"), "records"),
    "openapi": "openapi",
    "postman": "postman",
}


PACKAGE = Path(__file__).parents[2]
START = """
import sys, types
package = types.ModuleType("flowbuilder")
package.__path__ = [sys.argv[1]]
sys.modules["flowbuilder"] = package
from flowbuilder.knowledge.loaders.confined import main
main(sys.argv[2])
"""
"""The package's own beginning loads Celery, which takes longer than most documents, and which no file need get near."""


class LoadFailed(Exception):
    """The document could not be read; the message is for the person."""


def read_text(data: bytes, format: str) -> str:
    """Text of a document; ``LoadFailed`` says why there is none."""
    command = [sys.executable, "-c", START, str(PACKAGE), format]
    try:
        finished = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise LoadFailed(f"Reading it took longer than {SECONDS} s.") from error
    if finished.returncode == REFUSED:
        raise LoadFailed(finished.stderr.decode(errors="replace").strip()[-500:])
    if finished.returncode:
        raise LoadFailed(f"The {format} file is damaged, protected, or too large to read.")
    text = finished.stdout.decode()
    if not text.strip():
        raise LoadFailed("No text was found in it. A scanned document needs text recognition first.")
    return text


def main(format: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))
    data = sys.stdin.buffer.read()
    loader = import_module(f"flowbuilder.knowledge.loaders.{LOADERS[format]}")
    try:
        text = loader.load(data, format).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
        if len(text) > LONGEST:
            raise Unreadable(
                f"It holds more than {LONGEST:,} characters of text; split it into several files."
            )
    except Unreadable as reason:
        sys.stderr.write(str(reason))
        sys.exit(REFUSED)
    except RecursionError:
        sys.stderr.write(f"The {format} file is nested too deeply to read.")
        sys.exit(REFUSED)
    sys.stdout.buffer.write(text.encode(errors="replace"))
