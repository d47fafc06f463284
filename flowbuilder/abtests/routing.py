"""Which version a live run is given: the same for every run of a session."""

from __future__ import annotations

import hashlib
import math
import uuid
from collections.abc import Sequence

from flowbuilder.abtests.models import AbTest, Arm, Exposure, Status
from flowbuilder.modelhub.models import Alias, ModelVersion
from flowbuilder.modelhub.services import Live

BITS = 52
"""Of a digest: as many as a float between 0 and 1 holds without reaching either."""


def route(workspace_id: uuid.UUID, live: Live, model: str, alias: str) -> ModelVersion | None:
    """The version of the run's arm, which is noted; None where no test runs.

    Nothing is cached: one indexed query sees a stop at once. Where somebody has meanwhile pointed the alias
    elsewhere, that counts, and the next look at the test ends it.
    """
    running = AbTest.objects.filter(workspace=workspace_id, status=Status.RUNNING, alias=alias)
    test = running.filter(model__name=model).first()
    if test is None:
        return None
    arms = list(test.arms.select_related("version__model"))
    if not is_meant(test, arms[0].version_id):
        return None
    arm = draw(arms, test.salt, live.session)
    exposure = Exposure(test=test, arm=arm, run_id=live.run_id, session=live.session)
    Exposure.objects.bulk_create([exposure], ignore_conflicts=True)
    return arm.version


def is_meant(test: AbTest, version_id: uuid.UUID) -> bool:
    """Whether the test's alias stands at that version now."""
    return Alias.objects.filter(model=test.model_id, name=test.alias, version=version_id).exists()


def draw(arms: Sequence[Arm], salt: uuid.UUID, session: str) -> Arm:
    """By weighted rendezvous hashing: the highest of ``share / -ln(hash)``.

    Thaler and Ravishankar, "Using name-based mappings to increase hit rates" (1998), with the weights of
    Schindelhauer and Schomaker, "Weighted distributed hash tables" (2005). Where one arm's share grows at the
    cost of another's, a session moves only into the one that grew or out of the one that shrank.
    """
    return max(
        arms, key=lambda arm: arm.share / -math.log(_uniform(f"{salt}:{session}:{arm.version.number}"))
    )


def _uniform(text: str) -> float:
    digest = hashlib.sha256(text.encode()).digest()
    return ((int.from_bytes(digest[:8]) >> (64 - BITS)) + 0.5) / 2**BITS
