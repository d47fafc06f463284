"""One search, from the question to what is given: in the model worker with all its means, elsewhere by words."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from flowbuilder.knowledge.embedding import ordinary_cosine
from flowbuilder.knowledge.index import Index, index_of
from flowbuilder.knowledge.models import DocumentStatus, KnowledgeBase, Passage
from flowbuilder.knowledge.retrieval import lsa, rerank
from flowbuilder.knowledge.retrieval.embedded import embed_answers, vector_of
from flowbuilder.knowledge.retrieval.filters import allowed
from flowbuilder.knowledge.retrieval.fusion import Said, by_meaning, by_words, fuse
from flowbuilder.knowledge.retrieval.giving import give
from flowbuilder.knowledge.retrieval.guard import readable, why_not_passages
from flowbuilder.knowledge.retrieval.hits import Hit, Parts
from flowbuilder.knowledge.retrieval.kept import Likely, likeliest
from flowbuilder.knowledge.retrieval.matched import matched
from flowbuilder.knowledge.retrieval.rarity import Rarity, plain, rarity_of
from flowbuilder.knowledge.retrieval.steps import Steps
from flowbuilder.knowledge.retrieval.titles import named
from flowbuilder.knowledge.retrieval.tokens import count
from flowbuilder.knowledge.words import terms, words
from nodes.knowledge.looking import Looking

DEPTH = 50
"""Passages that each index is asked for, or four times as many as are wanted."""
MEANING, WORDS, LATENT = 0.7, 0.3, 0.01
"""How much each has to say. As an equal of words the latent space loses 9 % of MRR@10 on the Chinese protocol of
``benchmarks.retrieval``; so it breaks ties, and stands in where no word is shared."""
NAMED = 0.1
"""On top, for passages under a heading that the question names: a share of what the best can have."""
RERANKED = 30
KEPT_LOOKED_AT = 20
CATCH_UP_SECONDS = 5.0
SURE = 0.5
"""From here on an answer that people gave goes before every passage."""
NO_WORKER = "No model worker answered in time."


@dataclass
class Search:
    """What is known of one search while it goes on."""

    question: str
    looking: Looking
    dense: bool
    """Whether the embedder is at hand."""
    steps: Steps = field(default_factory=Steps)
    why_not_dense: dict[str, str] = field(default_factory=dict)
    """Base -> why meaning had no say there."""
    notes: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Its words, as people see them."""
    terms: list[str] = field(default_factory=list)
    """What the indexes are asked for."""

    def __post_init__(self) -> None:
        self.asked = words(self.question)
        self.terms = terms(self.question)


def look(base_ids: Sequence[uuid.UUID], question: str, looking: Looking, *, dense: bool) -> dict[str, Any]:
    """What is found, as plain data: ``hits`` best first, ``kept`` or None, and the facts of the search."""
    search = Search(question, looking, dense)
    hits: list[Hit] = []
    answered: list[Likely] = []
    rerankers: set[str] = set()
    for base in KnowledgeBase.objects.filter(pk__in=base_ids):
        found, likely = look_in(base, search)
        hits += found
        answered += [likely] if likely else []
        rerankers |= {looking.reranker or base.reranker}
    hits.sort(key=in_order)
    hits = reranked(hits, search, rerankers - {"", "none"})
    with search.steps.step("give"):
        given = give(hits, looking)
    return {
        "hits": [hit.told() for hit in given],
        "kept": kept_row(max(answered, key=lambda one: one.score, default=None)),
        "steps": search.steps.told(),
        "why_not_meaning": search.why_not_dense,
        "notes": search.notes,
        "tokens": {"question": count(question), "passages": sum(count(hit.text) for hit in given)},
    }


def look_in(base: KnowledgeBase, search: Search) -> tuple[list[Hit], Likely | None]:
    """The best passages of one base, and the likeliest of the answers that people gave there."""
    index, steps, looking = index_of(base), search.steps, search.looking
    vector, why = None, "" if search.dense else NO_WORKER
    if search.dense:
        embed_answers(base)
    with steps.step("catch up"):
        if not index.catch_up(CATCH_UP_SECONDS):
            search.notes.append(f"'{base.name}' is still being indexed: what came last may be missing.")
    if search.dense:
        with steps.step("embed"):
            vector, why = vector_of(search.question, index.embedder)
    rarity = rarity_of(base.pk)
    with steps.step("answers"):
        likely = answered_before(base, index, search, rarity, vector)
    with steps.step("filter"):
        ids = allowed(base, looking)
    depth = max(DEPTH, 4 * looking.limit)
    parts: dict[int, Parts] = {}
    said: list[Said] = []
    near: list[tuple[int, float]] = []
    if looking.mode != "keywords" and vector is not None:
        with steps.step("meaning"):
            near, why = trusted(index.nearest(vector, depth, ids), index.embedder)
    if looking.mode != "keywords" and not near and why:
        search.why_not_dense[base.name] = why
    for passage_id, cosine in near:
        parts.setdefault(passage_id, Parts()).dense = cosine
    if near:
        said.append(by_meaning(near, ordinary_cosine(index.embedder), MEANING))
    if looking.mode != "meaning" or not near:
        with steps.step("words"):
            worded = index.matching(search.terms, depth, ids)
        for passage_id, score in worded:
            parts.setdefault(passage_id, Parts()).keyword = score
        said.append(by_words(worded, rarity.most(search.terms), WORDS))
        if not near and looking.mode != "keywords":
            with steps.step("latent"):
                said.append(Said(LATENT, latent(base, search, depth, ids, parts)))
    with steps.step("fuse"):
        fused = fuse(said)
        hits = hits_of(base, fused, parts, search, rarity, likely)
    return hits, likely


def trusted(near: list[tuple[int, float]], embedder: str) -> tuple[list[tuple[int, float]], str]:
    """Those that the embedder can read; none, and why, where it can read too few."""
    texts = dict(Passage.objects.filter(pk__in=[pk for pk, _ in near]).values_list("pk", "text"))
    near = [one for one in near if one[0] in texts]
    known = readable([texts[passage_id] for passage_id, _ in near], embedder)
    if why := why_not_passages(known):
        return [], why
    return [one for one, reads in zip(near, known, strict=True) if reads], ""


def latent(
    base: KnowledgeBase, search: Search, depth: int, ids: set[int] | None, parts: dict[int, Parts]
) -> dict[int, float]:
    space = lsa.space_of(base.pk)
    ranked = {} if space is None else dict(space.nearest(search.terms, depth, ids))
    for passage_id, cosine in ranked.items():
        parts.setdefault(passage_id, Parts()).lsa = cosine
    return ranked


def answered_before(
    base: KnowledgeBase, index: Index, search: Search, rarity: Rarity, vector: np.ndarray | None
) -> Likely | None:
    """Of the questions that people answered, those nearest by either index are compared."""
    questions = Passage.objects.filter(base=base, enabled=True, document__enabled=True).exclude(question="")
    ids = set(questions.values_list("pk", flat=True))
    if not ids:
        return None
    wanted = {pk for pk, _ in index.matching(search.terms, KEPT_LOOKED_AT, ids)}
    wanted |= set(questions.filter(question=search.question.strip()).values_list("pk", flat=True))
    cosines = dict(index.nearest(vector, KEPT_LOOKED_AT, ids)) if vector is not None else None
    known = list(questions.filter(pk__in=wanted | set(cosines or ())).select_related("document"))
    if cosines is not None:
        reads = readable([passage.question for passage in known], index.embedder)
        cosines = {
            passage.pk: cosines[passage.pk]
            for passage, readable_ in zip(known, reads, strict=True)
            if readable_ and passage.pk in cosines
        }
    return likeliest(search.question, known, rarity, cosines)


def hits_of(
    base: KnowledgeBase,
    fused: dict[int, float],
    parts: dict[int, Parts],
    search: Search,
    rarity: Rarity,
    likely: Likely | None,
) -> list[Hit]:
    if likely is not None and likely.score >= SURE:
        fused = {
            likely.passage.pk: 1.0,
            **{pk: score for pk, score in fused.items() if pk != likely.passage.pk},
        }
    rows = Passage.objects.filter(
        pk__in=list(fused),
        base=base,
        enabled=True,
        searched=True,
        document__enabled=True,
        document__status=DocumentStatus.READY,
    )
    passages = {row.pk: row for row in rows.select_related("document", "parent").defer("vector")}
    titled = named(search.question, {pk: row.heading for pk, row in passages.items() if not row.question})
    hits = []
    for passage_id, score in fused.items():
        if (passage := passages.get(passage_id)) is None:
            continue
        its = parts.get(passage_id, Parts())
        if passage_id in titled:
            its.title = 1.0
        its.fused = score = (score + NAMED * (its.title or 0.0)) / (1 + NAMED)
        if likely is not None and likely.passage.pk == passage_id:
            its.kept = likely.score
        found = matched(search.asked, passage.words)
        hits.append(Hit(passage, score, its, found, relevance(search.asked, found, its, rarity)))
    return hits


def relevance(asked: Sequence[str], found: Sequence[str], parts: Parts, rarity: Rarity) -> float:
    """The larger of the cosine and of what share of the question's telling words it has."""
    weights = {word: rarity.weight(plain(word)) for word in asked}
    whole = sum(weights.values())
    covered = sum(weights[word] for word in set(found)) / whole if whole else 0.0
    return max(covered, parts.dense or 0.0, parts.kept or 0.0)


def in_order(hit: Hit) -> tuple[bool, float]:
    return ((hit.parts.kept or 0.0) < SURE, -hit.score)


def reranked(hits: list[Hit], search: Search, names: set[str]) -> list[Hit]:
    """The first of them in the cross-encoder's order; as they were where there is none, or it cannot be used."""
    if not names or not hits:
        return hits
    if not search.dense:
        search.notes.append("The order is without the reranker: " + NO_WORKER)
        return hits
    name = sorted(names)[0]
    first, rest = hits[:RERANKED], hits[RERANKED:]
    try:
        with search.steps.step("rerank"):
            scores = rerank.scores(name, search.question, [hit.passage.text for hit in first])
    except rerank.Unusable as why:
        search.notes.append(f"The order is without the reranker '{name}': {why}")
        return hits
    for hit, score in zip(first, scores, strict=True):
        hit.parts.rerank = hit.score = score
        hit.relevance = max(score, hit.parts.kept or 0.0)
    for hit in rest:
        hit.score = 0.0
    return [*sorted(first, key=in_order), *rest]


def kept_row(likely: Likely | None) -> dict[str, Any] | None:
    if likely is None:
        return None
    passage = likely.passage
    return {
        "question": passage.question,
        "answer": passage.text,
        "score": round(likely.score, 4),
        "source": passage.document.name,
        "passage_id": str(passage.pk),
        "document_id": str(passage.document_id),
    }
