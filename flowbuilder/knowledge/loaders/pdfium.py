"""PDF by pypdfium2: lines of text page by page, for files that the layout reader does not get through, and to check it by."""

from flowbuilder.knowledge.loaders import Unreadable
from flowbuilder.knowledge.loaders.pages import PAGE


def load(data: bytes, format: str) -> str:
    return f"\n\n{PAGE}\n\n".join(text_layer(data, format))


def text_layer(data: bytes, format: str = "pdf") -> list[str]:
    """The text of each page, as it is kept beside what is drawn."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"The {format} file is damaged or protected.") from error
    return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]
