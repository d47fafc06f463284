"""txt and md: the text as it is."""


def load(data: bytes) -> str:
    return data.decode("utf-8-sig")
