"""pdf and docx, by kreuzberg, with headings and tables as Markdown where the file has them."""

MIME = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def load(data: bytes, format: str) -> str:
    from kreuzberg import ExtractionConfig, extract_bytes_sync

    return extract_bytes_sync(data, MIME[format], ExtractionConfig(output_format="markdown")).content
