"""csv and tsv: one Markdown table, its first row the header."""

import csv
from io import StringIO

from flowbuilder.knowledge.loaders import plain
from flowbuilder.knowledge.loaders.markdown import table

SAMPLE = 64 * 1024


def load(data: bytes, format: str) -> str:
    text = plain.load(data, format)
    csv.field_size_limit(2**24)
    return table(csv.reader(StringIO(text), delimiter=delimiter_of(text, format)))


def delimiter_of(text: str, format: str) -> str:
    if format == "tsv":
        return "\t"
    try:
        return csv.Sniffer().sniff(text[:SAMPLE], delimiters=",;\t|").delimiter
    except csv.Error:
        return ","
