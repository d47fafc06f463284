"""The protocol for Word: fields as tables."""

from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument

from examples.protocol.source.protocol import TITLE
from examples.protocol.source.shapes import Language, Record
from examples.protocol.writing.archive import without_clock
from examples.protocol.writing.outline import Block, Code, Fields, Heading, Paragraph, Points, outline
from examples.protocol.writing.rules import rows
from examples.protocol.writing.words import COLUMNS


def word(language: Language) -> bytes:
    document = Document()
    document.core_properties.title = TITLE.of(language)
    for block in outline(language):
        _add(document, block, language)
    written = BytesIO()
    document.save(written)
    return without_clock(written.getvalue())


def _add(document: WordDocument, block: Block, language: Language) -> None:
    match block:
        case Heading(level, text):
            document.add_heading(text, level)
        case Paragraph(text):
            document.add_paragraph(text)
        case Points(texts):
            for text in texts:
                document.add_paragraph(text, style="List Bullet")
        case Fields(record):
            _table(document, record, language)
        case Code(text):
            document.add_paragraph(text, style="No Spacing")


def _table(document: WordDocument, record: Record, language: Language) -> None:
    lines = [COLUMNS[language], *rows(record, language)]
    table = document.add_table(len(lines), len(COLUMNS[language]), style="Light Grid Accent 1")
    for row, line in zip(table.rows, lines, strict=True):
        for cell, text in zip(row.cells, line, strict=True):
            cell.text = text
