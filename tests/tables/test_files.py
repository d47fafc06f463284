"""What was written is read again, whatever the file; what cannot be read is named."""

import io
import json

import pytest
from asgiref.sync import async_to_sync
from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.accounts.errors import ApiError
from flowbuilder.tables.reading import FILES, file_of, understood
from flowbuilder.tables.shapes import SHAPES, columns_of, shaped
from flowbuilder.tables.writing import WRITERS, guarded, unguarded

ROWS = {
    "completion": [{"prompt": "=1+1", "completion": "'=2"}, {"prompt": '你好,\n"x"', "completion": ""}],
    "preference": [{"prompt": "a", "chosen": "-5 °C", "rejected": "@x"}],
    "label": [
        {"prompt": "a", "completion": "b", "label": False},
        {"prompt": "a", "completion": "c", "label": True},
    ],
    "messages": [
        {"messages": [{"role": "user", "content": "a;b"}, {"role": "assistant", "content": "+c\t"}]},
    ],
    "prompts": [{"prompt": "a", "reference": ""}, {"prompt": "b", "reference": "\tc"}],
}


def written(rows: list[dict], file: str, kind: str) -> bytes:
    async def given():
        for row in rows:
            yield row

    async def join() -> bytes:
        return b"".join([piece async for piece in WRITERS[file](given(), columns_of(kind))])

    return async_to_sync(join)()


def read(data: bytes, file: str, kind: str) -> list[dict]:
    return [shape.model_dump(mode="json") for shape in understood(data, file, lambda row: shaped(kind, row))]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("kind", SHAPES)
def test_what_was_written_is_read_again(file, kind):
    assert read(written(ROWS[kind], file, kind), file, kind) == ROWS[kind]


def test_many_rows_are_written_piece_by_piece():
    rows = [{"prompt": f"p{number}", "completion": "c"} for number in range(2500)]
    assert read(written(rows, "parquet", "completion"), "parquet", "completion") == rows


@given(st.text())
def test_no_cell_is_a_formula_and_every_text_comes_back(text):
    assert guarded(text)[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("prompt,completion\na\n", "Line 2: it has no cell for 'completion'"),
        ("prompt,completion\na,b,c\n", "Line 2: it has more cells"),
        ('prompt,completion\n"a\nb",c\nd\n', "Line 4: it has no cell"),
        ('prompt,completion\na,"b\n', "Line 2: it cannot be divided"),
        ("prompt,answer\na,b\n", "Line 2: 'completion': Field required"),
        ("", "There are no rows"),
    ],
    ids=str,
)
def test_a_wrong_csv_is_named_by_line_and_column(data, says):
    with pytest.raises(ApiError) as refused:
        read(data.encode(), "csv", "completion")
    assert refused.value.message.startswith(says)


def test_a_label_that_is_none_is_named():
    with pytest.raises(ApiError, match="Line 3: 'label': 'maybe' is neither true nor false"):
        read(b"prompt,completion,label\na,b,Yes\na,b,maybe\n", "csv", "label")


@pytest.mark.parametrize("divider", [";", "\t"])
def test_other_dividers_are_found(divider):
    data = f"prompt{divider}completion\na,b{divider}c\n".encode()
    assert read(data, "csv", "completion") == [{"prompt": "a,b", "completion": "c"}]


def test_every_wrong_row_is_told_up_to_twenty():
    with pytest.raises(ApiError) as refused:
        read(b"{}\n" * 30, "jsonl", "prompts")
    assert [each["line"] for each in refused.value.details] == list(range(1, 21))


def test_a_hostile_or_wrong_parquet_is_refused():
    import pyarrow
    from pyarrow import parquet

    with pytest.raises(ApiError, match="Parquet file is damaged"):
        read(b"PAR1 nothing of the kind", "parquet", "prompts")
    sink = io.BytesIO()  # a small file that unfolds into 1 GB
    bomb = pyarrow.table({"prompt": pyarrow.DictionaryArray.from_arrays([0] * 20_000, ["x" * 50_000])})
    parquet.write_table(bomb, sink)
    assert len(sink.getvalue()) < 200_000
    with pytest.raises(ApiError, match="unfolds into more than 256 MB"):
        read(sink.getvalue(), "parquet", "prompts")
    wrong = io.BytesIO()
    parquet.write_table(pyarrow.table({"prompt": ["a", None]}), wrong)
    with pytest.raises(ApiError, match="Row 2: 'prompt'"):
        read(wrong.getvalue(), "parquet", "prompts")


def test_a_file_is_known_by_its_ending():
    assert [file_of(name) for name in ("a.jsonl", "b.CSV", "c.tsv", "d.parquet")] == [
        "jsonl",
        "csv",
        "csv",
        "parquet",
    ]
    with pytest.raises(ApiError, match=r"no .jsonl, .csv or .parquet"):
        file_of("rows.xlsx")


def test_too_many_rows_are_refused():
    with pytest.raises(ApiError, match="At most 50000"):
        read(json.dumps({"prompt": "a"}).encode() + b"\n" + b'{"prompt": "b"}\n' * 50_001, "jsonl", "prompts")
