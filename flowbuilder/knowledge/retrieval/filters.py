"""Which passages a search's filters leave."""

from __future__ import annotations

from flowbuilder.knowledge.models import Document, KnowledgeBase, Passage
from nodes.knowledge.looking import Looking


def allowed(base: KnowledgeBase, looking: Looking) -> set[int] | None:
    """Ids of the passages of every document that is kept; None where all are."""
    if not looking.filters:
        return None
    documents = Document.objects.filter(base=base).only("pk", "name", "format", "origin", "metadata")
    kept = [document.pk for document in documents if looking.keeps(facts_of(document))]
    searched = Passage.objects.filter(base=base, document_id__in=kept, searched=True)
    return set(searched.values_list("pk", flat=True))


def facts_of(document: Document) -> dict[str, object]:
    """What its metadata says, with what every document has; metadata of the same name goes before it."""
    own = {"document": document.name, "format": document.format, "origin": document.origin}
    return {**own, **(document.metadata or {})}
