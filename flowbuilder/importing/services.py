"""Imports: previewed, made, thrown away. All of the files, or none."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.flows import services as flows
from flowbuilder.flows.checking import check
from flowbuilder.flows.files.bundles import read_folder
from flowbuilder.flows.files.taking import Existing, take
from flowbuilder.flows.models import Flow, SavedTemplate
from flowbuilder.flows.parsing import parse_graph
from flowbuilder.importing import bringing
from flowbuilder.importing.models import Import, Status
from flowbuilder.importing.original import Unreadable
from flowbuilder.importing.parsing import unpacked
from flowbuilder.importing.units import Drawn, Found, drawn_of, found_in

KEPT = timedelta(days=1)
"""So long a preview waits."""
MOST_TITLE = 100


def preview(*, asker: Asker, files: Iterable[tuple[str, bytes]]) -> Import:
    """Everything is read and converted, and nothing is made. Errors: ``ApiError`` 422 that names the file."""
    given = list(files)
    found = _read(given)
    drawn = [
        *found.flows,
        *(
            each
            for name, parts in found.workspaces
            for each in drawn_of(name, parts, bringing.foreseen(parts))
        ),
    ]
    report = {
        "flows": [_told(each) for each in drawn] + [_ours(file) for file in _read_ours(found)],
        "workspaces": [bringing.foretold(name, parts) for name, parts in found.workspaces],
    }
    Import.objects.filter(
        workspace=asker.workspace, status=Status.PREVIEW, created_at__lt=timezone.now() - KEPT
    ).delete()
    return Import.objects.create(
        workspace=asker.workspace,
        person=asker.user,
        files=[name for name, _ in given],
        report=report,
        held=_zipped(given),
    )


def make(*, asker: Asker, imported: Import, existing: Existing = Existing.COPY) -> Import:
    """What the preview says. Errors: ``ApiError`` 409 where it is made already."""
    with transaction.atomic():
        imported = Import.objects.select_for_update().get(pk=imported.pk)
        if imported.status == Status.MADE or imported.held is None:
            raise ApiError("conflict", "These files are imported already.", 409)
        found = _read(_unzipped(bytes(imported.held)))
        report: dict[str, Any] = {"flows": [], "workspaces": []}
        for drawn in found.flows:
            report["flows"].append(_made(asker, drawn)[0])
        for file, parts in found.workspaces:
            known = bringing.bring(asker=asker, parts=parts)
            made: dict[str, Flow] = {}
            for drawn in drawn_of(file, parts, known):
                told, flow = _made(asker, drawn)
                report["flows"].append(told)
                if flow is not None:
                    made[drawn.origin] = flow
            report["workspaces"].append(
                bringing.remembered(asker=asker, file=file, parts=parts, known=known, flows=made)
            )
        for taken in take(asker=asker, files=_read_ours(found), existing=existing):
            problems = [
                {"node": each.node, "message": each.message, "severity": each.severity}
                for each in taken.problems
            ]
            report["flows"].append(
                {
                    **_ours(taken),
                    "name": taken.flow.name,
                    "flow": str(taken.flow.pk),
                    "done": taken.done,
                    "problems": problems,
                }
            )
        imported.report, imported.status, imported.held = report, Status.MADE, None
        imported.save(update_fields=["report", "status", "held"])
        details = {"files": imported.files[:20], "flows": len(report["flows"])}
        record(asker=asker, action="import.made", subject=str(imported)[:200], details=details)
    return imported


def _read(files: Sequence[tuple[str, bytes]]) -> Found:
    try:
        return found_in(unpacked(files))
    except Unreadable as error:
        told = str(error)
        raise ApiError("invalid_file", told if told.endswith(".") else f"{told}.", 422) from error


def _read_ours(found: Found) -> list[Any]:
    return read_folder(dict(found.ours)) if found.ours else []


def _ours(file: Any) -> dict[str, Any]:
    name = getattr(file, "name", "")
    return {"file": file.file, "name": name, "flow": None, "done": "", "report": None, "problems": []}


def _told(drawn: Drawn) -> dict[str, Any]:
    return {
        "file": drawn.file,
        "name": drawn.name,
        "flow": None,
        "done": "template" if drawn.is_template else "",
        "report": drawn.report.as_json(),
        "problems": [],
    }


def _made(asker: Asker, drawn: Drawn) -> tuple[dict[str, Any], Flow | None]:
    graph = drawn.graph.model_dump(mode="json")
    if drawn.is_template:
        SavedTemplate.objects.create(
            workspace=asker.workspace,
            title=drawn.name[:MOST_TITLE],
            description=drawn.template[:300],
            graph=graph,
            created_by=asker.user,
        )
        return _told(drawn), None
    flow = flows.create_flow(asker=asker, name=drawn.name, graph=graph)
    problems = [
        {"node": problem.node, "message": problem.message, "severity": problem.severity}
        for problem in check(parse_graph(flow.graph), asker, flow)
        if problem.code != "unreachable"
    ]
    return {**_told(drawn), "flow": str(flow.pk), "done": "made", "problems": problems[:200]}, flow


def _zipped(files: Sequence[tuple[str, bytes]]) -> bytes:
    """Under numbers, so that two of one name stay two."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, data) in enumerate(files):
            archive.writestr(f"{number}/{name}", data)
    return written.getvalue()


def _unzipped(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(name.partition("/")[2], archive.read(name)) for name in archive.namelist()]
