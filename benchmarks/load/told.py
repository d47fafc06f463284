"""What the rounds found, as a table: medians, and how Flowise's stand to ours."""

from collections import defaultdict
from statistics import median
from typing import Any

COLUMNS = ("calls_a_second", "ms_p50", "ms_p95", "cpu_ms_a_call", "mb_a_thousand_calls")
FLOWISE = "flowise"


def table(found: list[dict[str, Any]]) -> str:
    """Markdown. Behind a figure of ours stands Flowise's, in times ours, of the same rounds."""
    rows: dict[tuple[str, int], dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in found:
        rows[row["flow"], row["callers"]][row["who"]].append(row)
    lines = [f"| flow | callers | who | {' | '.join(COLUMNS)} |", "|---" * (len(COLUMNS) + 3) + "|"]
    for (flow, callers), by_who in rows.items():
        for who, rounds in by_who.items():
            cells = [cell(rounds, by_who.get(FLOWISE, []), column, who) for column in COLUMNS]
            lines.append(f"| {flow} | {callers} | {who} | {' | '.join(cells)} |")
    return "\n".join(lines)


def cell(rounds: list[dict[str, Any]], theirs: list[dict[str, Any]], column: str, who: str) -> str:
    ours = median(row[column] for row in rounds)
    if who == FLOWISE or not theirs or not ours:
        return f"{ours:g}"
    return f"{ours:g} ({median(t[column] / o[column] for o, t in zip(rounds, theirs, strict=True) if o[column]):.2g}x)"
