"""Which flow a page is about, and who may change how it is published."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop

from flowbuilder.accounts.rights import edits, page_must
from flowbuilder.flows.models import Flow

must_edit = page_must(edits, gettext_noop("Your role may not publish flows; ask an editor of the workspace."))


def find(request: HttpRequest, flow_id: uuid.UUID) -> Flow:
    return get_object_or_404(
        Flow.objects.visible_to(request.asker).select_related("published_version"), pk=flow_id
    )
