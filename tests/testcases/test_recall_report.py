"""TigerLab's recall report."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.accounts.errors import ApiError
from flowbuilder.testcases.recall_report import Report, Row, read


def test_recall_of_each_query_and_the_average():
    report = read(b"query_id,query,retrieved_ids,expected_ids\n1,spy films,3;5;9,5;7\n2,sad films,4,4\n")
    assert [row.recall for row in report.rows] == [0.5, 1.0] and report.average == 0.75


def test_labels_a_row_each_are_one_query():
    data = b"query_id,query,retrieved,product_id\n1,spy films,3|5,5\n1,spy films,3|5,7\naverage,,,\n"
    (row,) = read(data).rows
    assert row.expected == ("5", "7") and row.recall == 0.5


@pytest.mark.parametrize(
    "data, said", [(b"query,expected_ids\na,1\n", "retrieved_ids"), (b"a,b\n1,2\n", "query")]
)
def test_missing_columns_are_named(data, said):
    with pytest.raises(ApiError, match=said):
        read(data)


@given(st.lists(st.integers(0, 9)), st.lists(st.integers(0, 9)))
def test_recall_is_the_share_of_what_was_expected(retrieved, expected):
    row = Row("1", "", tuple(map(str, retrieved)), tuple(map(str, expected)))
    assert row.recall == (len(set(retrieved) & set(expected)) / len(set(expected)) if expected else 0)
    assert Report([row]).average == row.recall
