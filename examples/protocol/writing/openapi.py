"""The protocol as OpenAPI 3.1: each record a schema, with the operations that read and send it."""

import json
from typing import Any

import yaml

from examples.protocol.source.examples import example_of
from examples.protocol.source.json_schema import schema_of
from examples.protocol.source.protocol import CHAPTERS, OPENING, TITLE, VERSION, records
from examples.protocol.source.shapes import Language, Record, Text

READ = Text("Read {} records", "查询{}记录")
SEND = Text("Send a {} record", "发送{}记录")
FOUND = Text("The newest records first.", "最新的记录在前。")
STORED = Text("It is stored.", "已存储。")
REFUSED = Text("It is refused; see the chapter on errors.", "已拒绝，见错误一章。")
MANY = Text("How many at most.", "最多返回的条数。")
KEY = Text("The same key within 24 hours stores nothing.", "24 小时内相同的键不会重复存储。")


def openapi_json(language: Language) -> str:
    return json.dumps(openapi(language), ensure_ascii=False, indent=1) + "\n"


def openapi_yaml(language: Language) -> str:
    return yaml.safe_dump(openapi(language), allow_unicode=True, sort_keys=False, width=110)


def openapi(language: Language) -> dict[str, Any]:
    with_records = [chapter for chapter in CHAPTERS if chapter.records]
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE.of(language), "version": VERSION, "description": OPENING.of(language)},
        "servers": [
            {"url": "https://data.delivery.example/v2"},
            {"url": "https://test.data.delivery.example/v2"},
        ],
        "tags": [
            {"name": chapter.title.of(language), "description": chapter.introduction.of(language)}
            for chapter in with_records
        ],
        "paths": {
            f"/{record.name}": _path(record, chapter.title.of(language), language)
            for chapter in with_records
            for record in chapter.records
        },
        "components": {
            "schemas": {
                **{
                    record.name: schema_of(record, language) | {"examples": [example_of(record)]}
                    for record in records()
                },
                "error": _error(),
            },
            "parameters": {
                "limit": _limit(language),
                "idempotency_key": _idempotency_key(language),
            },
            "securitySchemes": {"certificate": {"type": "mutualTLS"}},
        },
        "security": [{"certificate": []}],
    }


def _path(record: Record, tag: str, language: Language) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{record.name}"}
    title = record.title.of(language)
    return {
        "get": {
            "operationId": f"list_{record.name}",
            "summary": READ.of(language).format(title),
            "description": record.purpose.of(language),
            "tags": [tag],
            "parameters": [{"$ref": "#/components/parameters/limit"}],
            "responses": {"200": _answer(FOUND.of(language), {"type": "array", "items": schema})},
        },
        "post": {
            "operationId": f"send_{record.name}",
            "summary": SEND.of(language).format(title),
            "description": record.written.of(language),
            "tags": [tag],
            "parameters": [{"$ref": "#/components/parameters/idempotency_key"}],
            "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
            "responses": {
                "201": _answer(STORED.of(language), schema),
                "422": _answer(REFUSED.of(language), {"$ref": "#/components/schemas/error"}),
            },
        },
    }


def _answer(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _error() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "code": {"type": "string", "enum": ["E100", "E110", "E120", "E200", "E210", "E300"]},
            "field": {"type": ["string", "null"]},
            "message": {"type": "string"},
        },
        "required": ["code", "message"],
    }


def _limit(language: Language) -> dict[str, Any]:
    return {
        "name": "limit",
        "in": "query",
        "description": MANY.of(language),
        "schema": {"type": "integer", "minimum": 1, "maximum": 500, "default": 50},
    }


def _idempotency_key(language: Language) -> dict[str, Any]:
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": KEY.of(language),
        "schema": {"type": "string", "format": "uuid"},
    }
