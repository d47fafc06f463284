"""What is open to guests: which routes, by what their share gives.

A route that is in no list here is closed to them, so that a new one is until somebody opens it. What stays closed is
the workspace's own business: what leaves it, who gets at it from outside, what its other things have to do with this one.
"""

from __future__ import annotations

import re
from functools import cache

from flowbuilder.accounts.letting_in import Where

OPEN: dict[str, tuple[str, ...]] = {
    "flow": (
        r"flows/<flow_id>/",
        r"api/flows/<flow_id>(/(file|edits|validate|versions(/<number>)?|publication|difference))?",
        r"api/flows/<flow_id>/(runs|comparisons)",
        r"api/runs/<run_id>(/(events|graph|costs|waits/<node>|cancellation|resumption|ratings))?",
        r"api/(flows/<flow_id>/comments(/reading)?|comments/<thread_id>(/(replies|resolution))?)",
        r"api/(comparisons/<comparison_id>(/verdict)?|ratings/<rating_id>)",
        r"ws/(flows/<flow_id>|runs/<run_id>)",
    ),
    "base": (
        r"knowledge/<base_id>/((documents|sources|settings|answers|search)/)?",
        r"knowledge/<base_id>/(documents/changes|answers/import)/",
        r"knowledge/(documents/<document_id>|passages/<passage_id>)/(\w+/)?",
        r"api/knowledge/<base_id>(/(documents|search|addresses|texts|splitting|metadata|answers))?",
        r"api/(documents/<document_id>|passages/<passage_id>)(/.*)?",
    ),
    "model": (
        r"models/<name>/((description|aliases)/)?",
        r"models/<name>/aliases/<alias>/(rollback|deletion)/",
        r"models/versions/<version_id>/((look|promotion)/)?",
        r"api/models/<version_id>(/(lineage|card))?",
        r"api/models/<name>/(description|aliases(/<alias>(/(moves|rollbacks))?)?)",
    ),
}
"""To everybody who is let in to the thing; what it takes beyond looking, its own view asks."""

EDITED: dict[str, tuple[str, ...]] = {
    "flow": (
        r"GET (flows/<flow_id>/|ws/flows/<flow_id>)",
        r"PUT api/flows/<flow_id>",
        r"POST api/flows/<flow_id>/(edits|versions|runs)",
        r"PATCH api/flows/<flow_id>/versions/<number>",
    ),
    "base": (
        r"\w+ knowledge/<base_id>/((documents|sources|settings|answers|documents/changes|answers/import)/)?",
        r"\w+ knowledge/(documents/<document_id>|passages/<passage_id>)/(\w+/)?",
        r"(?!GET)\w+ api/knowledge/<base_id>/(documents|addresses|texts|splitting|metadata|answers)",
        r"(?!GET)\w+ api/(documents/<document_id>|passages/<passage_id>)(/.*)?",
    ),
    "model": (
        r"\w+ models/<name>/((description|aliases)/)?",
        r"POST models/<name>/aliases/<alias>/(rollback|deletion)/",
        r"\w+ models/versions/<version_id>/(promotion/)?",
        r"(?!GET)\w+ api/models/<name>/(description|aliases(/<alias>(/rollbacks)?)?)",
    ),
}
"""Where the right to edit counts: the thing itself is changed, not who gets at it."""

NOT_BY_LINK = (
    r"\w+ api/flows/<flow_id>/(file|comparisons|publication|comments.*)",
    r"GET api/flows/<flow_id>/runs",
    r"\w+ api/(comments/.*|ratings/.*|comparisons/.*|runs/<run_id>/ratings)",
)
"""What others did with the flow is not for whoever has a link, nor is what is remembered as a person's."""

NAMELESS = (r"api/nodes(/ports)?",)
"""The editor needs it of whoever opens it, and it tells of nobody's things."""


def is_open(kind: str, where: Where, *, by_link: bool) -> bool:
    asked = f"{where.method} {where.route}"
    return _matches(OPEN[kind], where.route) and not (by_link and _matches(NOT_BY_LINK, asked))


def is_edited(kind: str, where: Where) -> bool:
    return _matches(EDITED[kind], f"{where.method} {where.route}")


def is_nameless(where: Where) -> bool:
    return _matches(NAMELESS, where.route)


@cache
def _matches(patterns: tuple[str, ...], text: str) -> bool:
    return any(re.fullmatch(pattern, text) for pattern in patterns)
