"""What is given of the passages that were found: parents, windows, each text once, no more tokens than asked for."""

from __future__ import annotations

from collections.abc import Iterable

from flowbuilder.knowledge.models import Document, Passage
from flowbuilder.knowledge.retrieval.hits import Hit
from flowbuilder.knowledge.retrieval.tokens import count
from flowbuilder.knowledge.storage import read_text
from flowbuilder.knowledge.words import words
from nodes.knowledge.looking import Looking

NEAR = 0.9
"""Two passages that share so much of their words say the same (Jaccard)."""


def give(hits: list[Hit], looking: Looking) -> list[Hit]:
    """The hits, best first, as they are handed over."""
    kept: list[Hit] = []
    for hit in hits:
        if len(kept) == looking.limit:
            break
        if hit.relevance < looking.least:
            continue
        own_text(hit)
        if looking.window:
            widen(hit, looking.window)
        if not any(repeats(hit, earlier) for earlier in kept):
            kept.append(hit)
    return within(kept, looking.most_tokens)


def own_text(hit: Hit) -> None:
    """A child's parent is given in its place; an answer stands below its question."""
    passage = hit.passage
    shown = passage.parent or passage
    hit.given = shown if passage.parent_id else None
    hit.text = f"{passage.question}\n{passage.text}" if passage.question else shown.text
    hit.start, hit.end = shown.start, shown.end


def widen(hit: Hit, reach: int) -> None:
    """With the passages beside it in the document: its text from the first's start to the last's end."""
    shown = hit.given or hit.passage
    if shown.question:
        return
    beside = list(
        Passage.objects.filter(
            document_id=shown.document_id,
            parent_id=shown.parent_id,
            question="",
            searched=shown.searched,
            enabled=True,
            ordinal__range=(max(0, shown.ordinal - reach), shown.ordinal + reach),
        )
        .defer("vector", "words")
        .order_by("ordinal")
    )
    hit.beside = [passage.pk for passage in beside if passage.pk != shown.pk]
    if any(passage.start is None or passage.end is None for passage in beside):
        hit.text = "\n\n".join(passage.text for passage in beside)
        return
    hit.start = min(passage.start for passage in beside)
    hit.end = max(passage.end for passage in beside)
    hit.text = stretch(hit.passage.document, hit.start, hit.end) or "\n\n".join(one.text for one in beside)


def stretch(document: Document, start: int, end: int) -> str:
    """Of the document's text; nothing where that is not kept."""
    try:
        return read_text(document)[start:end].strip()
    except FileNotFoundError:
        return ""


def repeats(hit: Hit, earlier: Hit) -> bool:
    """Whether the earlier one says it already: the same parent, the same place, or nearly the same words."""
    ours, theirs = hit.given or hit.passage, earlier.given or earlier.passage
    if ours.pk == theirs.pk:
        return True
    same_document = hit.passage.document_id == earlier.passage.document_id
    if same_document and None not in (hit.start, hit.end, earlier.start, earlier.end):
        if earlier.start <= hit.start and hit.end <= earlier.end:
            return True
    return alike(words(hit.text), words(earlier.text))


def alike(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    first, second = set(ours), set(theirs)
    return bool(first | second) and len(first & second) >= NEAR * len(first | second)


def within(hits: list[Hit], most: int) -> list[Hit]:
    """The best that fit; the first always is one of them."""
    if not most:
        return hits
    kept, spent = [], 0
    for hit in hits:
        spent += count(hit.text)
        if spent > most and kept:
            break
        kept.append(hit)
    return kept
