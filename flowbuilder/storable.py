"""Texts of files that come from elsewhere, as every database keeps them."""


def storable(text: str) -> str:
    """Without NUL and halves of characters, which escapes in JSON may stand for."""
    return text.replace("\0", "").encode(errors="replace").decode()
