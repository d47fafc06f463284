"""The words around the content: headings, introductions, columns."""

from examples.protocol.source.shapes import Language, Record, Text

COLUMNS = {
    "en": ["Field", "Type", "Required", "Rules", "Description"],
    "zh": ["字段", "类型", "必填", "规则", "说明"],
}
RECORD = Text("Record", "记录")
FIELDS = Text("The {} record has these fields:", "{} 记录包含以下字段：")
NOTE = Text("Note: {}", "注意：{}")
RULES = Text("Rules across these records: {}", "跨记录规则：{}")
EXAMPLES = Text("Appendix: examples", "附录：示例")
EXAMPLES_OPENING = Text(
    "One example of each record, as it is sent. All names in them are invented.",
    "每种记录各一个示例，均为实际发送的形式，其中的名称均为虚构。",
)
EXAMPLE = Text("Example: {}", "示例：{}")


def heading(record: Record, language: Language) -> str:
    """``scan_event record``; in Chinese with the name in both: people search for either."""
    return f"{record.name} record" if language == "en" else f"{record.title.zh}记录 {record.name}"


def joined(sentences: list[str], language: Language) -> str:
    return (" " if language == "en" else "").join(sentences)
