"""A result as a file: JSON with everything, CSV with a row a prompt, Markdown to read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

from django.http import Http404, HttpResponse, StreamingHttpResponse

from flowbuilder.evaluation import gates
from flowbuilder.evaluation.models import ROW_FIELDS, Evaluation
from flowbuilder.tables.writing import guarded

FORMS = {"json": "application/json", "csv": "text/csv", "md": "text/markdown"}
COLUMNS = ("number", "item", "prompt", "reference", "before", "after", "score_before", "score_after", "worse")


def answer(evaluation: Evaluation, form: str) -> HttpResponse | StreamingHttpResponse:
    """404 for a form that there is not, and while there is nothing to export."""
    if form not in FORMS or not evaluation.finished:
        raise Http404
    makers = {"json": as_json, "csv": as_csv, "md": as_markdown}
    made = StreamingHttpResponse(makers[form](evaluation), content_type=f"{FORMS[form]}; charset=utf-8")
    made["Content-Disposition"] = f'attachment; filename="evaluation-{evaluation.pk}.{form}"'
    return made


def as_json(evaluation: Evaluation) -> Iterator[str]:
    """In pieces: the answers of thousands of prompts are long."""
    head = {"report": evaluation.report, "verdict": gates.verdict(evaluation).row()}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "prompts": ['
    for index, prompt in enumerate(evaluation.prompts.iterator()):
        row = {name: getattr(prompt, name) for name in ROW_FIELDS}
        yield (", " if index else "") + json.dumps(row, ensure_ascii=False)
    yield "]}"


def as_csv(evaluation: Evaluation) -> Iterator[str]:
    yield line(COLUMNS)
    for prompt in evaluation.prompts.iterator():
        texts = (prompt.prompt, prompt.reference, prompt.before["answer"], prompt.after["answer"])
        scores = (prompt.before["score"], prompt.after["score"])
        yield line((prompt.number, prompt.item, *map(guarded, texts), *scores, prompt.worse))


def line(values: tuple[object, ...]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()


def as_markdown(evaluation: Evaluation) -> Iterator[str]:
    judged = gates.verdict(evaluation)
    yield f"{evaluation.found}\n\n### The gate: {'passed' if judged.passed else 'refused'}\n\n"
    yield "| threshold | measured | wanted | |\n|---|---|---|---|\n"
    marks = {True: "passed", False: "failed", None: "not measured"}
    for check in judged.checks:
        yield f"| {check.name} | {check.value} | {check.wanted} | {marks[check.passed]} |\n"
