"""Cases go out and come in as they were."""

import json

import pytest
from asgiref.sync import async_to_sync

from flowbuilder.accounts.errors import ApiError
from flowbuilder.knowledge import storage
from flowbuilder.tables.writing import WRITERS
from flowbuilder.testcases import files, services
from flowbuilder.testcases.services import Expected
from tests.testcases.conftest import DEPOTS, PARCELS

pytestmark = pytest.mark.django_db


def written(test_set, file: str) -> bytes:
    async def collect() -> bytes:
        pieces = WRITERS[file](files.rows(test_set, file), files.COLUMNS)
        return b"".join([piece async for piece in pieces])

    return async_to_sync(collect)()


def told(test_set) -> list:
    rows = [files.case_row(case) for case in test_set.cases.prefetch_related("expected")]
    return [
        (
            row["question"],
            row["expected_answer"],
            [(one["document"], one["start"], one["quote"]) for one in row["expected"]],
        )
        for row in rows
    ]


@pytest.mark.parametrize("file", ["jsonl", "csv"])
def test_there_and_back(test_set, document, asker, file):
    passages = [Expected(PARCELS, document, "", 0, 45), Expected(DEPOTS, document, "", 46, 90)]
    services.add_case(test_set=test_set, question="both?", expected_answer='两个, "和"', expected=passages)
    services.add_case(test_set=test_set, question="answer only?", expected_answer="yes")
    other = services.create_set(asker=asker, name="other", base=test_set.base)
    assert files.take(asker=asker, test_set=other, data=written(test_set, file), file=file) == 2
    assert told(other) == told(test_set)
    assert {case.origin for case in other.cases.all()} == {"imported"}


def test_a_quote_finds_its_place_in_the_document(test_set, document, asker, settings, tmp_path):
    settings.HOME_DIR = tmp_path
    (tmp_path / "files").mkdir()
    storage.write_text(document, f"# Records\n{PARCELS}\n{DEPOTS}")
    line = json.dumps({"question": "q", "expected": [{"document": "protocol.md", "quote": DEPOTS}]}).encode()
    files.take(asker=asker, test_set=test_set, data=line, file="jsonl")
    expected = test_set.cases.get().expected.get()
    start = len(f"# Records\n{PARCELS}\n")
    assert (expected.start, expected.end) == (start, start + len(DEPOTS))


@pytest.mark.parametrize(
    "line, said",
    [
        ({"question": ""}, "'question' is missing"),
        ({"question": "q"}, "expects nothing"),
        (
            {"question": "q", "expected": [{"document": "no.md", "quote": "x"}]},
            "no document 'no.md'; it has: protocol.md",
        ),
        ({"question": "q", "expected": [{"document": "protocol.md"}]}, "needs its 'quote'"),
        ({"question": "q", "expected": "x"}, "list of passages"),
        ({"question": "q", "expected_answer": 7}, "is a text"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_comes_in(test_set, document, asker, line, said):
    good = {"question": "good", "expected_answer": "yes"}
    data = "\n".join(json.dumps(one) for one in (good, line)).encode()
    with pytest.raises(ApiError, match=f"Line 2: .*{said}"):
        files.take(asker=asker, test_set=test_set, data=data, file="jsonl")
    assert not test_set.cases.exists()
