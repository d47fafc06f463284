"""``python -m benchmarks.ingestion``: our reading and splitting of documents beside the bare loader.

Ours reads in a limited process of its own, marks the pages and splits; the bare loader is kreuzberg alone, called in a
process that has it loaded already, and in a process of its own as ours. Medians of rounds in turns; embedding, which the
model decides, is measured apart, as passages a second.
"""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from flowbuilder.knowledge.loaders.confined import read_text
from flowbuilder.knowledge.loaders.office import MIME
from flowbuilder.knowledge.splitting import split

SAMPLES = Path("examples/protocol")
ROUNDS = 3
PAGES = 30
BATCH = 8
"""As a worker embeds them (``ingestion/embedding.py``)."""
BARE = (
    "import sys; from kreuzberg import *; sys.stdout.write(extract_bytes_sync(sys.stdin.buffer.read(), sys.argv[1], "
    "ExtractionConfig(output_format='markdown')).content)"
)


def main() -> None:
    names = ["parcel-protocol.docx", "parcel-protocol.pdf", "parcel-protocol.xlsx", "parcel-protocol.zh.docx"]
    documents = {name: (SAMPLES / name).read_bytes() for name in names if (SAMPLES / name).exists()}
    documents[f"{PAGES} pages, Chinese.pdf"] = long_pdf()
    print(
        "| document | read, ours | kreuzberg, own process | ratio | kreuzberg, in process | ours: split | pieces |"
    )
    print("|---|---|---|---|---|---|---|")
    for name, data in documents.items():
        measure(name, data)
    embedding()


def measure(name: str, data: bytes) -> None:
    format = name.rsplit(".", 1)[-1]
    taken: dict[str, list[float]] = {"ours": [], "apart": [], "inside": [], "split": []}
    for _ in range(ROUNDS):
        taken["ours"].append(seconds(lambda: read_text(data, format)))
        taken["apart"].append(seconds(lambda: bare_apart(data, format)))
        taken["inside"].append(seconds(lambda: bare(data, format)))
    text = read_text(data, format)
    for _ in range(ROUNDS):
        taken["split"].append(seconds(lambda: split(text)))
    ours, apart, inside, splitting = (median(found) for found in taken.values())
    print(
        f"| {name} | {ours:.2f} s | {apart:.2f} s | {ours / apart:.2f} | {inside:.3f} s | {splitting:.3f} s "
        f"| {len(split(text))} |",
        flush=True,
    )


def bare(data: bytes, format: str) -> None:
    from kreuzberg import ExtractionConfig, extract_bytes_sync

    extract_bytes_sync(data, MIME[format], ExtractionConfig(output_format="markdown", use_cache=False))


def bare_apart(data: bytes, format: str) -> None:
    subprocess.run([sys.executable, "-c", BARE, MIME[format]], input=data, capture_output=True, check=True)


def embedding() -> None:
    from flowbuilder.knowledge.embedding import embed

    pieces = split(read_text((SAMPLES / "parcel-protocol.md").read_bytes(), "md"))
    texts = [f"{piece.heading}\n{piece.text}" for piece in pieces][: 4 * BATCH]
    embed(texts[:BATCH])
    batches = [texts[at : at + BATCH] for at in range(0, len(texts), BATCH)]
    taken = [seconds(lambda batch=batch: embed(batch)) for batch in batches]  # type: ignore[misc]
    print(
        f"\nEmbedding: {len(texts) / sum(taken):.0f} passages a second, a batch of {BATCH} takes {median(taken):.2f} s."
    )


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def long_pdf() -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for page in range(PAGES):
        canvas.setFont("STSong-Light", 16)
        canvas.drawString(72, 780, f"第{page + 1}章 包裹记录")
        canvas.setFont("STSong-Light", 10)
        for line in range(40):
            canvas.drawString(
                72,
                750 - 16 * line,
                f"第{page + 1}章第{line + 1}条：包裹记录包含编号、重量和状态，每个字段都有类型和规则。",
            )
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


if __name__ == "__main__":
    main()
