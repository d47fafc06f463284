"""Text out of files, one loader a format; each runs in a limited process of its own.

Every loader is ``load(data, format) -> str`` and gives Markdown: headings, lists and tables stay what they are.
"""


class Unreadable(Exception):
    """Why there is no text in it, for the person who uploaded it."""
