"""The questions of a base that have an answer: listed, written, taken from a CSV file."""

import csv
import io
import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from flowbuilder.accounts.errors import ApiError
from flowbuilder.knowledge import answers, uploads
from flowbuilder.knowledge.loaders.encodings import decode
from flowbuilder.knowledge.loaders.tables import delimiter_of
from flowbuilder.knowledge.models import KnowledgeBase
from flowbuilder.knowledge.pages.finding import find_base, must_edit
from flowbuilder.knowledge.splitting.pairs import ANSWERS, QUESTIONS

ANSWERS_A_PAGE = 30
MOST_ROWS = 5_000


@login_required
@require_http_methods(["GET", "POST"])
def answer_list(request: HttpRequest, base_id: uuid.UUID) -> HttpResponse:
    base = find_base(request, base_id)
    if request.method == "GET":
        return page(request, base)
    must_edit(request)
    question, answer = request.POST.get("question", ""), request.POST.get("answer", "")
    try:
        answers.keep(base, question, answer, request.asker)
    except ApiError as refused:
        return page(request, base, status=422, refused=refused.message, question=question, answer=answer)
    return redirect("knowledge:answers", base.pk)


@login_required
@require_POST
def take_csv(request: HttpRequest, base_id: uuid.UUID) -> HttpResponse:
    """All rows or none; the columns are called question and answer, or stand in this order."""
    base = find_base(request, base_id)
    must_edit(request)
    file = request.FILES.get("file")
    try:
        if file is None:
            raise ApiError("invalid", _("Choose a CSV file with the columns question and answer."), 422)
        rows = pairs_of(uploads.read(file))
        with transaction.atomic():
            for question, answer in rows:
                answers.keep(base, question, answer, request.asker)
    except ApiError as refused:
        return page(request, base, status=422, refused=refused.message)
    return page(request, base, taken=len(rows))


def pairs_of(data: bytes) -> list[tuple[str, str]]:
    text = decode(data)
    if text is None:
        raise ApiError("invalid", _("The file is no text in a known encoding."), 422)
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter_of(text, "csv")) if any(row)]
    names = [cell.strip().lower() for cell in rows[0]] if rows else []
    asked = next((place for place, name in enumerate(names) if name in QUESTIONS), None)
    told = next((place for place, name in enumerate(names) if name in ANSWERS), None)
    if asked is None or told is None:
        asked, told = 0, 1
    else:
        rows = rows[1:]
    short = [
        number
        for number, row in enumerate(rows, 1)
        if len(row) <= max(asked, told) or not row[asked].strip() or not row[told].strip()
    ]
    if short or not rows:
        where = _("row %(number)d lacks one") % {"number": short[0]} if short else _("there is no row")
        raise ApiError(
            "invalid", _("Each row needs a question and an answer: %(where)s.") % {"where": where}, 422
        )
    if len(rows) > MOST_ROWS:
        raise ApiError("invalid", _("At most %(most)d rows are taken at once.") % {"most": MOST_ROWS}, 422)
    return [(row[asked], row[told]) for row in rows]


def page(request: HttpRequest, base: KnowledgeBase, *, status: int = 200, **more: Any) -> HttpResponse:
    find = request.GET.get("find", "").strip()[:100]
    rows = base.passages.exclude(question="").defer("words", "vector").select_related("document")
    if find:
        rows = rows.filter(Q(question__icontains=find) | Q(text__icontains=find))
    shown = Paginator(rows.order_by("-pk"), ANSWERS_A_PAGE).get_page(request.GET.get("page", "1"))
    return render(
        request,
        "knowledge/answers.html",
        {"base": base, "passages": shown, "find": find, **more},
        status=status,
    )
