"""xlsx, xls and ods by python-calamine: each sheet a heading and a table."""

from io import BytesIO

from flowbuilder.knowledge.loaders import Unreadable
from flowbuilder.knowledge.loaders.markdown import table


def load(data: bytes, format: str) -> str:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = [(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    except python_calamine.CalamineError as error:
        raise Unreadable(f"The {format} file is damaged or protected.") from error
    return "\n\n".join(f"## {name}\n\n{table(rows)}" for name, rows in sheets if rows)
