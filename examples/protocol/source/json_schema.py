"""The JSON Schema of a record, as OpenAPI 3.1 and JSON Schema 2020-12 both take it."""

from typing import Any

from examples.protocol.source.shapes import Field, Language, Record

FORMATS = {"date", "date-time", "time", "email", "uuid", "uri"}


def schema_of(record: Record, language: Language) -> dict[str, Any]:
    return {
        "title": record.title.of(language),
        "description": f"{record.purpose.of(language)} {record.written.of(language)}",
        **_object(record.fields, language),
    }


def _object(fields: tuple[Field, ...], language: Language) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {field.name: field_schema(field, language) for field in fields},
        "required": [field.name for field in fields if not field.rules.optional],
        "additionalProperties": False,
    }


def field_schema(field: Field, language: Language) -> dict[str, Any]:
    rules = field.rules
    value = _value(field, language)
    schema: dict[str, Any] = {"description": field.description.of(language)}
    if field.array:
        schema |= {"type": "array", "items": value}
        schema |= _present(minItems=rules.fewest, maxItems=rules.most, uniqueItems=rules.unique or None)
    else:
        schema |= value
    if rules.unit:
        schema["x-unit"] = rules.unit
    if rules.nullable:
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    return schema


def _value(field: Field, language: Language) -> dict[str, Any]:
    rules = field.rules
    if field.type == "object":
        return _object(field.fields, language)
    if field.type in FORMATS:
        return {"type": "string", "format": field.type}
    if field.type == "enum":
        return {"type": "string", "enum": list(rules.enum)}
    longest = rules.longest
    return {
        "type": field.type,
        **_present(
            const=typed(field, rules.always),
            minimum=typed(field, rules.low),
            maximum=typed(field, rules.high),
            multipleOf=typed(field, rules.multiple),
            minLength=1 if longest and rules.shortest is None else rules.shortest,
            maxLength=longest,
            pattern=rules.pattern or None,
        ),
    }


def typed(field: Field, written: str) -> Any:
    """What was written as the field's type; None for nothing."""
    if written == "":
        return None
    if field.type == "integer":
        return int(written)
    if field.type == "number":
        return float(written)
    if field.type == "boolean":
        return written == "true"
    return written


def _present(**keywords: Any) -> dict[str, Any]:
    return {keyword: value for keyword, value in keywords.items() if value is not None}
