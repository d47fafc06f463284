"""Which flow a page is about, and who may change how it is published."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from flowbuilder.flows.models import Flow


def find(request: HttpRequest, flow_id: uuid.UUID) -> Flow:
    return get_object_or_404(
        Flow.objects.visible_to(request.asker).select_related("published_version"), pk=flow_id
    )


def must_edit(request: HttpRequest) -> None:
    if not request.asker or not request.asker.can_edit:
        raise PermissionDenied(_("Your role may not publish flows; ask an editor of the workspace."))
