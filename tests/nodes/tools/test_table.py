import json

import pytest

from nodes.base import NodeError
from nodes.tools.table import Aggregate, Filter, Table
from nodes.types import Items

CSV = "city,item,price\nKiel,pen,2.50\nGraz,box,10\nKiel,box,9\nBern,,\n"


async def test_a_table_is_read_and_written():
    found = await Table().run(CSV)
    assert found.text.splitlines()[:3] == [
        "| city | item | price |",
        "| --- | --- | --- |",
        "| Kiel | pen | 2.5 |",
    ]
    assert found.rows[3] == {"city": "Bern", "item": None, "price": None}


@pytest.mark.parametrize(
    ("rule", "cities"),
    [
        (Filter(column="price", test="more than", value="9"), ["Graz"]),
        (Filter(column="price", test="at least", value="9"), ["Graz", "Kiel"]),
        (Filter(column="price", test="less than", value="9.5"), ["Kiel", "Kiel"]),
        (Filter(column="price", test="is", value="10.0"), ["Graz"]),
        (Filter(column="item", test="empty"), ["Bern"]),
        (Filter(column="city", test="contains", value="ie"), ["Kiel", "Kiel"]),
        (Filter(column="city", test="is not", value="kiel"), ["Graz", "Bern"]),
    ],
)
async def test_rows_are_filtered(rule, cities):
    found = await Table(filters=(rule,)).run(CSV)
    assert [row["city"] for row in found.rows] == cities


async def test_rows_are_summed_up_and_sorted():
    node = Table(
        group_by=("city",),
        aggregates=(
            Aggregate(),
            Aggregate(figure="sum", column="price"),
            Aggregate(figure="mean", column="price"),
        ),
        sort_by="sum_price",
        descending=True,
        limit=2,
        writes="csv",
    )
    found = await node.run(CSV)
    assert found.text == "city,count,sum_price,mean_price\nKiel,2,11.5,5.75\nGraz,1,10,10.0\n"
    everything = await Table(aggregates=(Aggregate(figure="max", column="price"),)).run(CSV)
    assert everything.rows == [{"max_price": 10}]


@pytest.mark.parametrize(
    "data",
    ['[{"a": 1}, {"a": 2}]', [{"a": 1}, {"a": 2}], {"rows": [{"a": 1}, {"a": 2}]}, Items(items=({"a": 1}, {"a": 2})),
     "a;b\n1;\n2;", "a\tb\n1\t\n2\t"],
)  # fmt: skip
async def test_many_forms_are_read(data):
    found = await Table(sort_by="a", descending=True, columns=("a",), writes="json").run(data)
    assert json.loads(found.text) == [{"a": 2}, {"a": 1}]


async def test_numbers_that_are_names_stay_texts():
    found = await Table().run("code,phone\n007,+49 30\n")
    assert found.rows == [{"code": "007", "phone": "+49 30"}]


async def test_a_text_is_no_formula_of_a_spreadsheet():
    assert "'=HYPERLINK" in (await Table(writes="csv").run('a\n"=HYPERLINK(1)"')).text
    assert "a \\| b" in (await Table().run('x\n"a | b"')).text


@pytest.mark.parametrize(
    ("settings", "data", "why"),
    [
        (
            {"sort_by": "colour"},
            CSV,
            "Setting 'sort_by': there is no column 'colour'. There is: city, item, price",
        ),
        ({"columns": ("x",)}, CSV, "Setting 'columns'"),
        (
            {"aggregates": (Aggregate(figure="sum", column="city"),)},
            CSV,
            "'city' holds 'Kiel', which has no sum",
        ),
        ({"aggregates": (Aggregate(figure="sum"),)}, CSV, "sum needs a column"),
        ({}, "", "is empty"),
        ({}, "a,a\n1,2", "two columns 'a'"),
        ({}, "a\n1,2", "line 2: it has 2 values, the header has 1"),
        ({}, [1, 2], "is no table"),
    ],
)
async def test_errors_name_the_setting(settings, data, why):
    with pytest.raises(NodeError) as failed:
        await Table(**settings).run(data)
    assert why in str(failed.value)
