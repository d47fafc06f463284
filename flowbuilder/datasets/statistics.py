"""What a version is like: counts, lengths, balance, and what is wrong with it."""

from __future__ import annotations

import logging
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from django.core.cache import cache

from flowbuilder.celery import app
from flowbuilder.datasets.looking import TOO_LONG
from flowbuilder.datasets.models import Dataset, DatasetVersion, Origin, RowQuerySet, Split
from flowbuilder.datasets.similar import near_duplicates
from flowbuilder.modelhub.models import ModelVersion
from nodes.base import NodeError

log = logging.getLogger(__name__)
COUNT = "flowbuilder.datasets.tasks.count_version"
AT_ONCE = 2000
"""Rows that are counted while somebody waits; a worker counts more."""
COUNTING_SECONDS = 600
"""How long a worker may count before another one tries."""
SAMPLE = 5000
"""Rows of which the tokens are counted."""
SHOWN = 20
BARS = 24


def statistics_of(rows: RowQuerySet, kind: str) -> dict[str, Any]:
    found = list(rows.order_by("id").values("id", "content", "text", "split", "origin", "group"))
    texts = [row["text"] for row in found]
    near = near_duplicates(texts)
    parts = {split: [row for row in found if row["split"] == split] for split in Split.values}
    return {
        "rows": len(found),
        "splits": {"all": _part(found), **{split: _part(some) for split, some in parts.items()}},
        "lengths": lengths(found, len),
        "duplicates": rows.duplicates().count(),
        "contradictory": rows.contradictory().count(),
        "empty": rows.filter(empty=True).count(),
        "too_long": rows.filter(characters__gt=TOO_LONG).count(),
        "near_duplicates": len(near),
        "near": [
            {"row": found[one]["id"], "of": found[other]["id"], "alike": round(alike, 3)}
            for one, other, alike in near[:SHOWN]
        ],
        "near_across_splits": sum(found[one]["split"] != found[other]["split"] for one, other, _ in near),
        "prompts": len({row["group"] for row in found}),
        "shared_prompts": shared_prompts(found),
    }


def _part(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    origins = Counter(row["origin"] for row in rows)
    labels = Counter(row["content"]["label"] for row in rows if "label" in row["content"])
    return {
        "rows": len(rows),
        "origins": dict(origins),
        "synthetic_share": origins[Origin.SYNTHETIC] / len(rows) if rows else 0.0,
        "labels": {"good": labels[True], "bad": labels[False]} if labels else None,
    }


def shared_prompts(rows: Iterable[dict[str, Any]]) -> int:
    """Prompts that stand in more than one split. The way in which splits are made leaves none."""
    splits = defaultdict(set)
    for row in rows:
        splits[row["group"]].add(row["split"])
    return sum(len(found) > 1 for found in splits.values())


def lengths(rows: Sequence[dict[str, Any]], measure: Callable[[str], int]) -> dict[str, Any]:
    """Of each column: mean, median, the length that 95 % keep within, the longest, and a histogram."""
    columns: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        for column, text in texts_of(row["content"]):
            columns[column].append(measure(text))
    return {column: _lengths(np.array(found)) for column, found in columns.items()}


def texts_of(content: dict[str, Any]) -> list[tuple[str, str]]:
    if "messages" in content:
        turns = [turn["content"] for turn in content["messages"]]
        return [("conversation", "\n".join(turns)), ("answer", turns[-1])]
    return [(column, text) for column, text in content.items() if isinstance(text, str)]


def _lengths(found: np.ndarray) -> dict[str, Any]:
    # Above the 99th percentile a few long texts would leave the others no room: they share the last bar.
    top = max(int(np.percentile(found, 99)), BARS)
    counts, edges = np.histogram(np.minimum(found, top), bins=BARS, range=(0, top))
    return {
        "mean": round(float(found.mean()), 1),
        "median": int(np.median(found)),
        "p95": int(np.percentile(found, 95)),
        "longest": int(found.max()),
        "counts": counts.tolist(),
        "edges": [round(float(edge), 1) for edge in edges],
    }


def token_lengths(rows: RowQuerySet, model: ModelVersion) -> dict[str, Any]:
    """Lengths in that model's tokens, of up to 5,000 rows: those of the smallest digests, which is an even draw."""
    from tokenizers import Tokenizer

    path = model.folder / "tokenizer.json"
    if not path.is_file():
        raise NodeError(f"'{model.ref}' has no tokenizer.json, so its tokens cannot be counted here.")
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    found = list(rows.order_by("digest").values("content")[:SAMPLE])
    return {
        "model": model.ref,
        "rows": len(found),
        "lengths": lengths(found, lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)),
    }


def count(version: DatasetVersion) -> dict[str, Any]:
    """Count and keep; what was kept stays, for a version never changes."""
    if version.statistics is None:
        version.statistics = statistics_of(version.rows, version.dataset.kind)
        DatasetVersion.objects.filter(pk=version.pk, statistics__isnull=True).update(
            statistics=version.statistics
        )
    return version.statistics


def look(dataset: Dataset, version: DatasetVersion | None) -> dict[str, Any] | None:
    """What is known of a version, or of the draft; None while a worker counts, and of a draft that is too large."""
    if version is not None and (version.statistics is not None or version.total > AT_ONCE):
        return version.statistics
    rows = version.rows if version else dataset.draft
    return statistics_of(rows, dataset.kind) if version or rows.count() <= AT_ONCE else None


def count_soon(version: DatasetVersion) -> None:
    """At once where that takes no time, else by a worker."""
    if version.total <= AT_ONCE:
        count(version)
    else:
        wake_worker(version.pk)


def count_version(version_id: str) -> None:
    """What the Celery task does, unless another worker does it: the sweeper asks again and again."""
    if not cache.add(counting_key(version_id), True, COUNTING_SECONDS):
        return
    version = DatasetVersion.objects.filter(pk=version_id).select_related("dataset").first()
    if version is not None:
        count(version)


def counting_key(version_id: Any) -> str:
    return f"datasets:counting:{version_id}"


def wake_worker(version_id: uuid.UUID) -> None:
    try:
        app.send_task(COUNT, [str(version_id)], queue="flow", retry=False, expires=60)
    except Exception as error:
        log.warning("version %s is frozen, but no worker could be woken to count it: %s", version_id, error)


def sweep() -> None:
    """Wake a worker for what nobody counted."""
    uncounted = DatasetVersion.objects.filter(statistics__isnull=True).values_list("pk", flat=True)
    for version_id in uncounted[:20]:
        if cache.get(counting_key(version_id)) is None:
            wake_worker(version_id)
