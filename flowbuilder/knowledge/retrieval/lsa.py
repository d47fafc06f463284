"""A latent space of each base (Deerwester et al. 1990): near by the words that stand together, in any language.

Fitted in the background on a sample of the segmented words: TF-IDF, then a truncated SVD. What is kept is arrays
and words, in a file that holds no code. What changed since is folded in at the next question, up to a tenth of the
base; then the space is fitted anew.
"""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings
from django.core.cache import cache
from django.db.models import Max

from flowbuilder.celery import app
from flowbuilder.knowledge.index.outbox import is_gapless
from flowbuilder.knowledge.models import PENDING, IndexChange, KnowledgeBase, Passage

FIT = "flowbuilder.knowledge.tasks.fit_space"
SAMPLE = 20_000
WORDS = 30_000
DIMENSIONS = 128
LEAST, MOST = 8, 200_000
"""Passages of a base that has a space: below there is nothing to learn, above it would not fit into memory beside others."""
CHANGED = 0.1
FEW = 20
FITTING = 600
"""Seconds that nobody else begins the same."""


@dataclass
class Space:
    vocabulary: dict[str, int]
    idf: np.ndarray
    components: np.ndarray
    """dimensions x words."""
    ids: np.ndarray
    vectors: np.ndarray
    """passages x dimensions, of unit length."""
    mark: int
    """Newest change that it has taken in."""
    base_id: uuid.UUID
    lock: threading.Lock = field(default_factory=threading.Lock)

    def vector(self, words: Iterable[str]) -> np.ndarray:
        """Where a text of these words stands; zero where it knows none."""
        counts = Counter(self.vocabulary[word] for word in words if word in self.vocabulary)
        columns = np.fromiter(counts, dtype=np.int64, count=len(counts))
        often = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        weights = (1 + np.log(often)) * self.idf[columns] if len(counts) else often
        place = self.components[:, columns] @ weights
        length = float(np.linalg.norm(place))
        return place / length if length else place

    def nearest(
        self, words: Sequence[str], limit: int, allowed: Set[int] | None = None
    ) -> list[tuple[int, float]]:
        """Passages with the largest cosine, best first; none below zero."""
        self.fold_in()
        place = self.vector(words)
        if not place.any():
            return []
        scores = self.vectors @ place
        found: list[tuple[int, float]] = []
        for at in np.argsort(-scores, kind="stable"):
            if scores[at] <= 0 or len(found) == limit:
                break
            if allowed is None or int(self.ids[at]) in allowed:
                found.append((int(self.ids[at]), float(scores[at])))
        return found

    def fold_in(self) -> None:
        """Passages that came or changed since; those that went are left out when their rows are read."""
        with self.lock:
            changes = IndexChange.objects.filter(base_id=self.base_id, id__gt=self.mark)
            newest = changes.aggregate(newest=Max("id"))["newest"]
            if newest is None:
                return
            changed = set(changes.order_by("id").values_list("passage_id", flat=True)[: int(CHANGED * MOST)])
            rows = dict(searchable(self.base_id).filter(pk__in=changed).values_list("pk", "words"))
            stay = ~np.isin(self.ids, list(changed))
            came = [self.vector(words) for words in rows.values()]
            self.ids = np.concatenate([self.ids[stay], np.array(list(rows), dtype=np.int64)])
            self.vectors = np.concatenate([self.vectors[stay], *([np.stack(came)] if came else [])])
            self.mark = newest


def searchable(base_id: uuid.UUID):
    return Passage.objects.filter(base_id=base_id, searched=True, enabled=True)


def space_of(base_id: uuid.UUID) -> Space | None:
    """None until it has been fitted."""
    files = sorted(folder().glob(f"{base_id}.*.npz"), key=mark_of)
    return read(str(files[-1]), base_id) if files else None


@lru_cache(maxsize=4)
def read(path: str, base_id: uuid.UUID) -> Space:
    with np.load(path, allow_pickle=False) as kept:
        words = kept["words"].tobytes().decode().split("\n")
        return Space(
            vocabulary={word: at for at, word in enumerate(words)},
            idf=kept["idf"].astype(np.float32),
            components=kept["components"].astype(np.float32),
            ids=kept["ids"],
            vectors=kept["vectors"].astype(np.float32),
            mark=mark_of(Path(path)),
            base_id=base_id,
        )


def fit(base_id: uuid.UUID) -> bool:
    """Fit the space of a base and keep it; False where it is too small or too large for one."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    mark = newest_change(base_id)
    rows = searchable(base_id).order_by("pk")
    total = rows.count()
    if not LEAST <= total <= MOST:
        return False
    every = -(-total // SAMPLE)
    sample = [
        words for at, words in enumerate(rows.values_list("words", flat=True).iterator()) if at % every == 0
    ]
    tfidf = TfidfVectorizer(
        analyzer=list,
        sublinear_tf=True,
        max_features=WORDS,
        min_df=1 if len(sample) < 100 else 2,
        dtype=np.float32,
    )
    try:
        weighed = tfidf.fit_transform(sample)
    except ValueError:  # not one word in all of them
        return False
    dimensions = min(DIMENSIONS, min(weighed.shape) - 1)
    if dimensions < 1:
        return False
    svd = TruncatedSVD(n_components=dimensions, random_state=0).fit(weighed)
    names = list(tfidf.get_feature_names_out())
    space = Space(
        {word: at for at, word in enumerate(names)},
        tfidf.idf_.astype(np.float32),
        svd.components_.astype(np.float32),
        np.zeros(0, np.int64),
        np.zeros((0, dimensions), np.float32),
        mark,
        base_id,
    )
    ids, vectors = [], []
    for passage_id, words in rows.values_list("pk", "words").iterator():
        ids.append(passage_id)
        vectors.append(space.vector(words).astype(np.float16))
    write(base_id, mark, names, space, np.array(ids, dtype=np.int64), np.stack(vectors))
    return True


def write(
    base_id: uuid.UUID, mark: int, names: list[str], space: Space, ids: np.ndarray, vectors: np.ndarray
) -> None:
    path = folder() / f"{base_id}.{mark}.npz"
    unfinished = path.with_suffix(f".{uuid.uuid4().hex}.part")
    with unfinished.open("wb") as file:
        np.savez(
            file,
            words=np.frombuffer("\n".join(names).encode(), dtype=np.uint8),
            idf=space.idf,
            components=space.components.astype(np.float16),
            ids=ids,
            vectors=vectors,
        )
    unfinished.rename(path)
    forget(base_id, but=path)


def forget(base_id: uuid.UUID, but: Path | None = None) -> None:
    for path in folder().glob(f"{base_id}.*"):
        if path != but:
            path.unlink(missing_ok=True)


def sweep() -> None:
    """Have spaces fitted that are missing or behind, and remove those whose base is gone."""
    known = set()
    for base in KnowledgeBase.objects.all():
        known.add(str(base.pk))
        if is_behind(base) and cache.add(f"fb:lsa:{base.pk}", "1", FITTING):
            app.send_task(FIT, [str(base.pk)], queue="flow", retry=False)
    for path in folder().iterdir():
        if path.name.split(".")[0] not in known:
            path.unlink(missing_ok=True)


def is_behind(base: KnowledgeBase) -> bool:
    files = sorted(folder().glob(f"{base.pk}.*.npz"), key=mark_of)
    mark = mark_of(files[-1]) if files else -1
    if newest_change(base.pk) == mark or base.documents.filter(status__in=PENDING).exists():
        return False
    total = searchable(base.pk).count()
    if not LEAST <= total <= MOST:
        return False
    if mark > 0 and not is_gapless(base.pk, mark):
        return True
    changed = IndexChange.objects.filter(base=base, id__gt=mark).values("passage_id").distinct().count()
    return mark < 0 or changed > max(FEW, CHANGED * total)


def fit_one(base_id: uuid.UUID) -> None:
    try:
        fit(base_id)
    finally:
        cache.delete(f"fb:lsa:{base_id}")


def newest_change(base_id: uuid.UUID) -> int:
    return IndexChange.objects.filter(base_id=base_id).aggregate(newest=Max("id"))["newest"] or 0


def mark_of(path: Path) -> int:
    return int(path.name.split(".")[1])


def folder() -> Path:
    found = Path(settings.HOME_DIR) / "spaces"
    found.mkdir(exist_ok=True)
    return found
