"""What an operation's path names, of what the asker may see."""

import uuid

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import api_must, edits
from flowbuilder.testcases.models import TestCase, TestRun, TestSet

must_edit = api_must(edits, "Your role may not change test sets; ask an editor of the workspace.")
AT_ONCE = 200
"""Cases or results of one answer."""


class Offset(Schema):
    offset: int = Field(0, ge=0, le=1_000_000)


def find(request: HttpRequest, set_id: uuid.UUID) -> TestSet:
    test_set = (
        TestSet.objects.visible_to(request.asker).select_related("base", "flow").filter(pk=set_id).first()
    )
    if test_set is None:
        raise ApiError("not_found", "There is no such test set, or it is not yours.", 404)
    return test_set


def find_case(request: HttpRequest, set_id: uuid.UUID, case_id: int) -> TestCase:
    case = find(request, set_id).cases.filter(pk=case_id).first()
    if case is None:
        raise ApiError("not_found", "There is no such case in this set.", 404)
    return case


def find_run(request: HttpRequest, test_run_id: uuid.UUID) -> TestRun:
    sets = TestSet.objects.visible_to(request.asker)
    test_run = TestRun.objects.filter(set__in=sets, pk=test_run_id).select_related("set").first()
    if test_run is None:
        raise ApiError("not_found", "There is no such test run, or it is not yours.", 404)
    return test_run
