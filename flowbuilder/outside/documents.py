"""``nodes.services.documents.Documents``: texts that were read already, and pages by the way out that knowledge takes."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass

from asgiref.sync import sync_to_async

from flowbuilder.accounts.errors import ApiError
from flowbuilder.knowledge.formats import format_of
from flowbuilder.knowledge.loaders.confined import LoadFailed, read_text
from flowbuilder.knowledge.models import Document, KnowledgeBase
from flowbuilder.knowledge.storage import read_text as kept_text
from flowbuilder.outbound import Refused, fetch
from nodes.base import NodeError

MOST_NAMED = 15


@dataclass(frozen=True)
class NodeDocuments:
    """For the nodes of one workspace."""

    workspace_id: uuid.UUID

    async def read(self, base: str, name: str) -> str:
        return await sync_to_async(self._read)(base, name)

    def _read(self, base: str, name: str) -> str:
        documents = Document.objects.filter(base=self._base(base))
        document = documents.filter(name=name).order_by("-created_at").first()
        if document is None:
            listed = list(documents.order_by("name").values_list("name", flat=True)[: MOST_NAMED + 1])
            there = ", ".join(listed[:MOST_NAMED]) + (", ..." if len(listed) > MOST_NAMED else "")
            raise NodeError(
                f"There is no document '{name[:100]}' in the knowledge base. It has: {there or 'none'}."
            )
        try:
            return kept_text(document)
        except OSError as error:
            raise NodeError(
                f"'{document.name}' has no text yet: {document.error or document.get_status_display()}."
            ) from error

    def _base(self, wanted: str) -> KnowledgeBase:
        known = list(KnowledgeBase.objects.filter(workspace_id=self.workspace_id).order_by("name"))
        fitting = [base for base in known if wanted in {str(base.pk), base.name} or not wanted]
        if len(fitting) == 1:
            return fitting[0]
        there = ", ".join(base.name for base in known) or "none yet"
        wish = f"there is no knowledge base '{wanted[:60]}'" if wanted else "choose a knowledge base"
        raise NodeError(f"Setting 'base': {wish}. This workspace has: {there}.")

    async def page(self, address: str) -> str:
        try:
            data, name = await asyncio.to_thread(fetch, address)
            # Read in a process of its own, as what people upload.
            return await asyncio.to_thread(read_text, data, format_of(name, data))
        except Refused as error:
            raise NodeError(f"The page cannot be read. {error}") from error
        except LoadFailed as error:
            raise NodeError(f"The page at '{address[:100]}' holds nothing to read: {error}") from error
        except ApiError as error:
            raise NodeError(f"The page at '{address[:100]}' cannot be read: {error.message}") from error
