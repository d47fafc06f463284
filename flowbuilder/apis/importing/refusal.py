class Refused(Exception):
    """The document cannot be taken; the message is for the person and names the place."""

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(f"{place}: {message}" if place else message)
