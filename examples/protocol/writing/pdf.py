"""The protocol as PDF: fields as lines. Chinese in a font that every PDF reader has, so none is embedded."""

from collections.abc import Iterator
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.platypus import Paragraph as Printed
from reportlab.platypus import Preformatted, SimpleDocTemplate
from reportlab.platypus.flowables import Flowable

from examples.protocol.source.protocol import TITLE
from examples.protocol.source.shapes import Language, Record
from examples.protocol.writing.outline import Block, Code, Fields, Heading, Paragraph, Points, outline
from examples.protocol.writing.rules import line

CHINESE_FONT = "STSong-Light"


def pdf(language: Language) -> bytes:
    styles = _styles(language)
    story = [part for block in outline(language) for part in _printed(block, styles, language)]
    written = BytesIO()
    SimpleDocTemplate(written, pagesize=A4, title=TITLE.of(language), invariant=1).build(story)
    return written.getvalue()


def _styles(language: Language) -> dict[str, ParagraphStyle]:
    sheet = getSampleStyleSheet()
    styles = {name: sheet[name] for name in ("Heading1", "Heading2", "Heading3", "BodyText", "Code")}
    # Close lines: with ReportLab's usual space between paragraphs kreuzberg takes some pages for tables and loses text.
    styles["BodyText"].spaceBefore = 3
    if language == "zh":
        registerFont(UnicodeCIDFont(CHINESE_FONT))
        for style in styles.values():
            style.fontName = CHINESE_FONT
            style.wordWrap = "CJK"
    return styles


def _printed(block: Block, styles: dict[str, ParagraphStyle], language: Language) -> Iterator[Flowable]:
    match block:
        case Heading(level, text):
            yield Printed(escape(text), styles[f"Heading{level}"])
        case Paragraph(text):
            yield Printed(escape(text), styles["BodyText"])
        case Points(texts):
            yield from (Printed(f"- {escape(text)}", styles["BodyText"]) for text in texts)
        case Fields(record):
            yield from (Printed(f"- {escape(text)}", styles["BodyText"]) for text in _lines(record, language))
        case Code(text):
            yield Preformatted(text, styles["Code"])


def _lines(record: Record, language: Language) -> Iterator[str]:
    """Nested names in full: indentation is lost on paper."""
    for field in record.fields:
        yield line(field, field.name, language, backticks=False)
        for inner in field.fields:
            name = f"{field.name}{'[]' if field.array else ''}.{inner.name}"
            yield line(inner, name, language, backticks=False)
