"""Many flows at once: a folder on a disk, or the same folder in a zip file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from flowbuilder.accounts.errors import ApiError
from flowbuilder.engine.graph import Graph
from flowbuilder.flows.files.reading import FlowFile, read
from flowbuilder.flows.files.unpacking import NotUnpacked, unpacked
from flowbuilder.flows.files.writing import as_file, layout_of, text_of
from flowbuilder.flows.models import Flow

MOST_FILES = 2000
MOST_UNPACKED = 100 * 2**20
LAYOUT = ".layout.json"
STAMP = (1980, 1, 1, 0, 0, 0)
"""The same flows give the same bytes."""


def as_one_file(flow: Flow) -> str:
    """With its layout in it."""
    graph = Graph.model_validate(flow.graph)
    return text_of({**as_file(flow.name, flow.slug, graph), "layout": layout_of(graph)})


def as_folder(flows: Iterable[Flow]) -> dict[str, str]:
    """Name -> text: two files a flow, so that a node that was only moved leaves the flow's file as it was."""
    files: dict[str, str] = {}
    for flow in flows:
        graph = Graph.model_validate(flow.graph)
        files[f"{flow.slug}.json"] = text_of(as_file(flow.name, flow.slug, graph))
        files[f"{flow.slug}{LAYOUT}"] = text_of(layout_of(graph))
    return dict(sorted(files.items()))


def as_zip(flows: Iterable[Flow]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in as_folder(flows).items():
            entry = zipfile.ZipInfo(f"flows/{name}", date_time=STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
    return written.getvalue()


def read_all(files: Iterable[tuple[str, bytes]]) -> list[FlowFile]:
    """Flows of these files, zip files unpacked. Errors: ``ApiError`` 422 for the first that cannot be read."""
    found: dict[str, bytes] = {}
    for name, data in files:
        found |= _unpacked(name, data) if name.lower().endswith(".zip") else {name: data}
    return read_folder(found)


def read_folder(files: Mapping[str, bytes]) -> list[FlowFile]:
    flows = [name for name in sorted(files) if name.endswith(".json") and not name.endswith(LAYOUT)]
    if not flows:
        raise ApiError(
            "invalid_file", "There is no flow in it: a flow is a file that ends with '.json'.", 422
        )
    return [
        read(PurePosixPath(name).name, files[name], files.get(name.removesuffix(".json") + LAYOUT))
        for name in flows
    ]


def _unpacked(name: str, data: bytes) -> dict[str, bytes]:
    try:
        return dict(unpacked(name, data, endings=(".json",), most_files=MOST_FILES, most_bytes=MOST_UNPACKED))
    except NotUnpacked as error:
        raise ApiError("invalid_file", f"{error}.", 422) from error
