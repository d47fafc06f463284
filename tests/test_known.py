"""A question with one answer, asked without Django's detours: it finds what a query set finds."""

import uuid

import pytest

from flowbuilder.flows.models import Flow
from flowbuilder.known import any_row

pytestmark = pytest.mark.django_db


def test_rows_are_found_by_ids_and_by_values(asker):
    flow = Flow.objects.create(workspace=asker.workspace, name="Desk", slug="desk")
    assert any_row(Flow, pk=flow.pk, name="Desk")
    assert any_row(Flow, workspace=asker.workspace.pk)
    assert not any_row(Flow, pk=flow.pk, name="Other")
    assert not any_row(Flow, pk=uuid.uuid4())
