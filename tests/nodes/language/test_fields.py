"""A schema read from lists, tables and sentences, in English and Chinese."""

import pytest

from nodes.language.fields import schema_of, shortened

SIZE = {
    "type": "object",
    "properties": {"length_cm": {"type": "number", "minimum": 1.0, "maximum": 200.0}},
    "required": ["length_cm"],
    "additionalProperties": False,
}
LISTS = {
    "en": """
- parcel_id: string (pattern `^PX-[0-9]{8}$`) – Number of the parcel.
- status: enum (enum: created, delivered; nullable)
- weight_kg: number (0.01 to 70; multiple of 0.01; in kg)
- note: string (at most 80 characters; optional)
- size: object – Its size.
  - length_cm: number (1 to 200)
- tags: array of enum (enum: fragile, heavy; at most 5 items; unique items)
- stops: array of object (1 to 50 items)
  - due: date-time
- source: string (always api)
""",
    "zh": """
- parcel_id：字符串（格式 `^PX-[0-9]{8}$`）– 包裹编号。
- status：枚举（枚举：created、delivered；可为空）
- weight_kg：数字（0.01 至 70；0.01 的倍数；单位 kg）
- note：字符串（最多 80 个字符；可选）
- size：对象 – 尺寸。
  - length_cm：数字（1 至 200）
- tags：枚举数组（枚举：fragile、heavy；最多 5 项；不重复）
- stops：对象数组（1 至 50 项）
  - due：日期时间
- source：字符串（固定为 api）
""",
}
TABLES = {
    "en": r"""
| Field | Type | Required | Rules | Description |
|---|---|---|---|---|
| parcel\_id | string | yes | pattern ^PX-\[0-9\]{8}$ | Number of the parcel. |
| status | enum | yes | enum: created, delivered; nullable | |
| weight\_kg | number | yes | 0.01 to 70; multiple of 0.01; in kg | |
| note | string | no | at most 80 characters | |
| size | object | yes | | Its size. |
| size.length\_cm | number | yes | 1 to 200 | |
| tags | array of enum | yes | enum: fragile, heavy; at most 5 items; unique items | |
| stops | array of object | yes | 1 to 50 items | |
| stops\[\].due | date-time | yes | | |
| source | string | yes | always api | |
""",
    "zh": """
| 字段 | 类型 | 必填 | 规则 | 说明 |
|---|---|---|---|---|
| parcel_id | 字符串 | 是 | 格式 ^PX-[0-9]{8}$ | 包裹编号。 |
| status | 枚举 | 是 | 枚举：created、delivered；可为空 | |
| weight_kg | 数字 | 是 | 0.01 至 70；0.01 的倍数；单位 kg | |
| note | 字符串 | 否 | 最多 80 个字符 | |
| size | 对象 | 是 | | 尺寸。 |
| size.length_cm | 数字 | 是 | 1 至 200 | |
| tags | 枚举数组 | 是 | 枚举：fragile、heavy；最多 5 项；不重复 | |
| stops | 对象数组 | 是 | 1 至 50 项 | |
| stops[].due | 日期时间 | 是 | | |
| source | 字符串 | 是 | 固定为 api | |
""",
}
EXPECTED = {
    "parcel_id": {"type": "string", "pattern": "^PX-[0-9]{8}$"},
    "status": {"type": ["string", "null"], "enum": ["created", "delivered", None]},
    "weight_kg": {"type": "number", "minimum": 0.01, "maximum": 70.0, "multipleOf": 0.01},
    "note": {"type": "string", "maxLength": 80, "minLength": 1},
    "size": SIZE,
    "tags": {
        "type": "array",
        "items": {"type": "string", "enum": ["fragile", "heavy"]},
        "maxItems": 5,
        "uniqueItems": True,
    },
    "stops": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"due": {"type": "string", "format": "date-time"}},
            "required": ["due"],
            "additionalProperties": False,
        },
        "minItems": 1,
        "maxItems": 50,
    },
    "source": {"type": "string", "const": "api"},
}


def bare(schema):
    if isinstance(schema, dict):
        return {key: bare(value) for key, value in schema.items() if key != "description"}
    return schema


@pytest.mark.parametrize("text", [*LISTS.values(), *TABLES.values()], ids=["list", "列表", "table", "表格"])
def test_every_form_says_the_same(text):
    schema = schema_of(f"Make a parcel record.\n{text}")
    assert bare(schema["properties"]) == EXPECTED
    assert set(schema["required"]) == set(EXPECTED) - {"note"} and schema["additionalProperties"] is False
    assert list(schema["properties"]) == list(EXPECTED)


def test_a_list_whose_marks_were_lost_is_read():
    text = (
        LISTS["zh"].replace("- ", "").replace("  length_cm", "size.length_cm").replace("  due", "stops[].due")
    )
    assert bare(schema_of(text)["properties"]) == EXPECTED


def test_descriptions_are_kept():
    assert schema_of(LISTS["zh"])["properties"]["parcel_id"]["description"] == "包裹编号。"
    assert schema_of(TABLES["en"])["properties"]["size"]["description"] == "Its size."


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Make a parcel record.", "parcel_id"),
        ("A parcel label, please", "label_id"),
        ("Show a van.", "plate"),
    ],
)
@pytest.mark.parametrize("asked_first", [False, True])
def test_of_several_records_the_one_that_is_asked_for(question, first, asked_first):
    text = """
## Parcel
A parcel is what we carry, in a van or not.
- parcel_id: string

## Parcel label
The label stands on a parcel.
- label_id: string

## Van
| Field | Type |
|---|---|
| plate | string |
"""
    prompt = f"{question}\n{text}" if asked_first else f"Context:\n{text}\nQuestion: {question}"
    assert next(iter(schema_of(prompt)["properties"])) == first


def test_rows_of_a_sheet_are_parted_by_their_record():
    rows = "| Record | Field | Type |\n|---|---|---|\n| parcel | id | string |\n| van | plate | string |\n| van | seats | integer |"
    assert list(schema_of(f"{rows}\n\nMake a van.")["properties"]) == ["plate", "seats"]


def test_rows_without_their_heading_are_read():
    assert list(schema_of("| plate | string | yes | 7 characters | Plate |")["properties"]) == ["plate"]


def test_names_with_types_in_a_sentence_are_read():
    text = "The parcel record has parcel_id (string), weight_kg (number) and status (enum: created, delivered).\n\nQuestion: Make a parcel."
    assert bare(schema_of(text)["properties"]) == {
        "parcel_id": {"type": "string", "minLength": 1},
        "weight_kg": {"type": "number"},
        "status": {"type": "string", "enum": ["created", "delivered"]},
    }


@pytest.mark.parametrize(
    "text", ["", "Hello there.", "- one\n- two: three", "| a | b |\n|---|---|\n| 1 | 2 |", "12:30 - lunch"]
)
def test_where_nothing_is_described_there_is_no_schema(text):
    assert schema_of(text) is None


@pytest.mark.parametrize(
    ("title", "asked"),
    [("### vehicle record", "Make a vehicle record."), ("### 车辆记录 vehicle", "生成一条车辆记录。")],
)
def test_a_prompt_is_shortened_to_the_record_that_is_asked_for(title, asked):
    """What is left is read to the same names, and no other record's field is in it."""
    rows = "| Field | Type | Required | Rules | Description |\n| --- | --- | --- | --- | --- |"
    vehicle = f"{rows}\n| vehicle_id | string | yes | pattern ^VH-[0-9]{{5}}$ | Number. |\n| kind | enum | yes | enum: bike, van | Kind. |"
    depot = f"{rows}\n| depot_id | string | yes |  | Number. |"
    prompt = f"Context:\n{title}\n\n{vehicle}\n\n### depot record\n\n{depot}\n\nQuestion: {asked}"
    short = shortened(prompt)
    assert (
        short
        == f"Context:\n{title}\n\n- vehicle_id: string\n- kind: enum (enum: bike, van)\n\nQuestion: {asked}"
    )
    assert list(schema_of(short)["properties"]) == list(schema_of(prompt)["properties"])
    assert shortened(f"Question: {asked}") is None


def test_passages_after_the_record_are_no_part_of_the_question():
    passages = "\n".join(f"Paragraph {number} is about something else, at length." for number in range(400))
    prompt = (
        f"Context:\n## parcel record\n- parcel_id: string\n\n{passages}\n\nQuestion: Make a parcel record."
    )
    short = shortened(prompt)
    assert short is not None and "- parcel_id: string" in short and len(short) < 1_200
    assert short.endswith("Question: Make a parcel record.")
