"""The protocol for Excel: a sheet of texts, a list of the records, and a sheet of fields for each chapter."""

import json
from collections.abc import Iterator
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from examples.protocol.source.examples import example_of
from examples.protocol.source.protocol import CHAPTERS, OPENING, TITLE, records
from examples.protocol.source.shapes import Language, Text
from examples.protocol.writing.archive import without_clock
from examples.protocol.writing.rules import rows
from examples.protocol.writing.words import COLUMNS, RECORD, RULES

TEXTS = Text("Rules in words", "文字说明")
RECORDS = Text("Records", "记录一览")
EXAMPLES = Text("Examples", "示例")
TEXT_COLUMNS = {"en": ["Chapter", "Section", "Text"], "zh": ["章", "节", "内容"]}
RECORD_COLUMNS = {
    "en": ["Chapter", "Record", "Title", "Purpose", "Written", "Notes"],
    "zh": ["章", "记录", "名称", "用途", "写入时机", "注意"],
}
WIDTH = 44


def sheets(language: Language) -> bytes:
    book = Workbook()
    book.properties.title = TITLE.of(language)
    _fill(book.active, TEXTS.of(language), [TEXT_COLUMNS[language], *_texts(language)])
    _fill(book.create_sheet(), RECORDS.of(language), [RECORD_COLUMNS[language], *_records(language)])
    for number, chapter in enumerate(CHAPTERS, 1):
        if chapter.records:
            lines = [[record.name, *row] for record in chapter.records for row in rows(record, language)]
            title = f"{number} {chapter.title.of(language)}"[:31]
            _fill(book.create_sheet(), title, [[RECORD.of(language), *COLUMNS[language]], *lines])
    examples = [[record.name, json.dumps(example_of(record), ensure_ascii=False)] for record in records()]
    _fill(book.create_sheet(), EXAMPLES.of(language), [[RECORD.of(language), "JSON"], *examples])
    written = BytesIO()
    book.save(written)
    return without_clock(written.getvalue())


def _texts(language: Language) -> Iterator[list[str]]:
    yield ["", "", OPENING.of(language)]
    for chapter in CHAPTERS:
        title = chapter.title.of(language)
        yield [title, "", chapter.introduction.of(language)]
        for section in chapter.sections:
            for paragraph in section.paragraphs:
                yield [title, section.title.of(language), paragraph.of(language)]
        for rule in chapter.rules:
            yield [title, RULES.of(language).format(title), rule.of(language)]


def _records(language: Language) -> Iterator[list[str]]:
    for chapter in CHAPTERS:
        for record in chapter.records:
            notes = " ".join(note.of(language) for note in record.notes)
            texts = (record.title, record.purpose, record.written)
            yield [chapter.title.of(language), record.name, *(text.of(language) for text in texts), notes]


def _fill(sheet: Worksheet, title: str, lines: list[list[str]]) -> None:
    sheet.title = title
    for line in lines:
        sheet.append(line)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column in sheet.columns:
        longest = max(len(cell.value or "") for cell in column)
        sheet.column_dimensions[column[0].column_letter].width = min(WIDTH, longest + 2)
        for cell in column:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
