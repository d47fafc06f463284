"""A base with a document in two passages, and a set of cases for it."""

import pytest

from flowbuilder.knowledge.models import Document, DocumentStatus, KnowledgeBase, Passage
from flowbuilder.testcases import services
from flowbuilder.testcases.models import TestSet

PARCELS = "A parcel record needs parcel_id and weight_kg."
DEPOTS = "A depot record needs depot_code and opened_on."


@pytest.fixture
def base(workspace) -> KnowledgeBase:
    return KnowledgeBase.objects.create(workspace=workspace, name="protocol")


@pytest.fixture
def document(base) -> Document:
    document = Document.objects.create(
        workspace=base.workspace,
        base=base,
        name="protocol.md",
        format="md",
        size=1,
        sha256="x",
        status=DocumentStatus.READY,
    )
    start = 0
    for ordinal, text in enumerate((PARCELS, DEPOTS)):
        Passage.objects.create(
            base=base, document=document, ordinal=ordinal, text=text, start=start, end=start + len(text)
        )
        start += len(text) + 1
    return document


@pytest.fixture
def test_set(asker, base) -> TestSet:
    return services.create_set(asker=asker, name="records", base=base)
