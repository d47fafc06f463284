"""The protocol as Markdown: fields as lists, examples as JSON."""

from collections.abc import Iterator

from examples.protocol.source.shapes import Language, Record
from examples.protocol.writing.outline import Block, Code, Fields, Heading, Paragraph, Points, outline
from examples.protocol.writing.rules import line


def markdown(language: Language) -> str:
    return "\n\n".join(_text(block, language) for block in outline(language)) + "\n"


def _text(block: Block, language: Language) -> str:
    match block:
        case Heading(level, text):
            return f"{'#' * level} {text}"
        case Paragraph(text):
            return text
        case Points(texts):
            return "\n".join(f"- {text}" for text in texts)
        case Fields(record):
            return "\n".join(_lines(record, language))
        case Code(text):
            return f"```json\n{text}\n```"


def _lines(record: Record, language: Language) -> Iterator[str]:
    for field in record.fields:
        yield f"- {line(field, field.name, language, backticks=True)}"
        for inner in field.fields:
            yield f"  - {line(inner, inner.name, language, backticks=True)}"
