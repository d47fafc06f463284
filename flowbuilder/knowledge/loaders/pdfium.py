"""PDF by pypdfium2: lines of text page by page, for files that the layout reader does not get through."""

from flowbuilder.knowledge.loaders import Unreadable
from flowbuilder.knowledge.loaders.pages import PAGE


def load(data: bytes, format: str) -> str:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"The {format} file is damaged or protected.") from error
    return f"\n\n{PAGE}\n\n".join(page.get_textpage().get_text_bounded() for page in document)
