"""Every link from one document to another leads somewhere: to a file that there is, and to a heading that stands in it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
DOCUMENTS = [
    ROOT / "README.md",
    *sorted(path for part in ("docs", "benchmarks", "examples") for path in (ROOT / part).rglob("*.md")),
]
CODE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
ELSEWHERE = re.compile(r"[a-z]+:")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
LINKED_WORDS = re.compile(r"\[([^]]*)\]\([^)]*\)")


def anchors(text: str) -> set[str]:
    """What GitHub calls the headings of a document."""
    return {
        re.sub(r"[^\w\- ]", "", LINKED_WORDS.sub(r"\1", heading).strip().lower()).replace(" ", "-")
        for heading in HEADING.findall(CODE.sub("", text))
    }


def dead_links(text: str, place: Path) -> Iterator[str]:
    for link in LINK.findall(CODE.sub("", text)):
        if ELSEWHERE.match(link):
            continue
        path, _, anchor = link.partition("#")
        target = place / path
        if not target.exists():
            yield f"{link}: no such file"
        elif anchor and anchor not in anchors(target.read_text() if path else text):
            yield f"{link}: no such heading"


def test_every_link_leads_somewhere():
    dead = {
        str(path.relative_to(ROOT)): found
        for path in DOCUMENTS
        if (found := list(dead_links(path.read_text(), path.parent)))
    }
    assert not dead, dead


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[a](README.md) [b](https://example.com/none)", []),
        ("[a](none.md)", ["none.md: no such file"]),
        ("# Two `words`\n[a](#two-words)", []),
        ("# Two words\n[a](#three)", ["#three: no such heading"]),
        ("[a](README.md#none)", ["README.md#none: no such heading"]),
        ("```\n[a](none.md)\n```\n", []),
    ],
)
def test_a_dead_link_would_be_found(text, found):
    assert list(dead_links(text, ROOT)) == found
