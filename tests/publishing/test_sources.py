"""What visitors see of the passages behind a reply."""

import pytest

from flowbuilder.publishing.sources import sources_of


def cited(number: int, source: str, named: bool | None) -> dict:
    where = {"passage_id": "9", "document_id": "secret", "start": 3, "end": 9, "heading": "Parcels"}
    return {"number": number, "source": source, "quote": f"Text {number}", "cited": named, **where}


def told(found: list[dict]) -> list[tuple]:
    return [(row["number"], row["name"], row["text"]) for row in found]


@pytest.mark.parametrize(
    ("named", "shown"),
    [
        ((True, False), [(1, "a.md", "Text 1")]),
        ((None, None), [(1, "a.md", "Text 1"), (2, "b.md", "Text 2")]),
    ],
)
def test_what_the_reply_names_or_else_all_of_it(named, shown):
    found = sources_of([cited(1, "a.md", named[0]), cited(2, "b.md", named[1])], "quotes")
    assert told(found) == shown


def test_ids_and_places_stay_with_us():
    (found,) = sources_of([cited(1, "a.md", None)], "quotes")
    assert found == {"number": 1, "name": "a.md", "heading": "Parcels", "text": "Text 1"}


def test_names_alone_each_once():
    found = sources_of([cited(1, "a.md", None), cited(2, "b.md", None), cited(3, "a.md", None)], "names")
    assert told(found) == [(1, "a.md", ""), (2, "b.md", "")] and not any(row["heading"] for row in found)


def test_nothing_where_the_owner_shows_nothing():
    assert sources_of([cited(1, "a.md", None)], "none") == []
