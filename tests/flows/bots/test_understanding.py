"""What descriptions ask for, in English and Chinese, said and ruled out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.flows.bots.understanding import understand


@pytest.mark.parametrize(
    ("description", "looks_up", "answers"),
    [
        ("A bot that parses a delivery data centre's protocol and returns mock data.", True, "record"),
        ("解析配送数据中心的协议，并返回模拟数据。", True, "record"),
        ("Answers questions about our employee handbook and cites the passage.", True, "text"),
        ("根据公司制度回答员工的问题", True, "text"),
        ("Classify customer messages into billing, delivery and returns.", False, "label"),
        ("把客户留言分为账单、配送和退货三类。", False, "label"),
        ("Summarise meeting notes in five bullet points.", False, "summary"),
        ("总结会议纪要，列出三条要点。", False, "summary"),
        ("A friendly assistant that chats about cooking.", False, "text"),
        ("陪用户聊天的助手", False, "text"),
        ("Extract the fields name and price from an e-mail.", False, "record"),
        ("从邮件中提取字段：姓名、金额、日期。", False, "record"),
        ("Looks orders up in our wiki and summarises them.", True, "summary"),
    ],
)
def test_what_it_asks_for(description, looks_up, answers):
    understood = understand(description)
    assert (understood.looks_up, understood.answers) == (looks_up, answers)


@pytest.mark.parametrize(
    "description",
    [
        "Chats about cooking. It does not need any documents.",
        "Chats without documents and never answers with JSON.",
        "陪用户聊天的助手，不需要文档。",
    ],
)
def test_what_is_ruled_out_is_not_asked_for(description):
    understood = understand(description)
    assert (understood.looks_up, understood.answers) == (False, "text")


@pytest.mark.parametrize(
    ("description", "labels"),
    [
        ("Classify messages into billing, delivery, and returns.", ("billing", "delivery", "returns")),
        ("Says the sentiment as positive, negative or neutral.", ("positive", "negative", "neutral")),
        ("把留言分为账单、配送和退货三类。", ("账单", "配送", "退货")),
        ("Detect whether an e-mail is spam.", ()),
    ],
)
def test_labels_are_read(description, labels):
    assert understand(description).labels == labels


@pytest.mark.parametrize(
    ("description", "kinds"),
    [
        ("Extract the fields name, price and delivery_date.", ["string", "number", "string"]),
        ("Generate parcel records with parcel_id, is_fragile and status.", ["string", "boolean", "string"]),
        ("提取字段：姓名、金额、数量。", ["string", "number", "integer"]),
        ("Records:\n- weight_kg: number\n- status: enum (enum: new, old)", ["number", "string"]),
    ],
)
def test_fields_become_a_schema(description, kinds):
    properties = understand(description).schema["properties"]
    assert [rule["type"] for rule in properties.values()] == kinds


def test_mock_data_is_made_up_and_extraction_is_not():
    assert understand("Returns mock records.").invents
    assert not understand("Extracts records from mails.").invents


@given(st.text(max_size=300))
def test_any_text_is_understood_somehow(description):
    assert understand(description).language in {"en", "zh"}
