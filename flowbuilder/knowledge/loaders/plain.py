"""txt and md: the text as it is, whatever its encoding."""

from flowbuilder.knowledge.loaders import Unreadable
from flowbuilder.knowledge.loaders.encodings import decode


def load(data: bytes, format: str) -> str:
    text = decode(data)
    if text is None:
        raise Unreadable(f"The {format} file is in no encoding that is known here; save it as UTF-8.")
    return text
