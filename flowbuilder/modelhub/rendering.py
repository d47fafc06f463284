"""Markdown as HTML that is safe to show: cards and READMEs hold text of strangers."""

from __future__ import annotations

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "ul",
    "ol",
    "li",
    "blockquote",
    "pre",
    "code",
    "em",
    "strong",
}
TAGS |= {"a", "br", "hr", "table", "thead", "tbody", "tr", "th", "td", "del"}
"""No images: one from elsewhere would tell its server who reads this."""
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").enable("strikethrough")


def rendered(markdown: str) -> SafeString:
    """HTML in the text is shown as text; links carry no referrer and lead to http, https and mailto only."""
    html = nh3.clean(
        MARKDOWN.render(markdown),
        tags=TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
    return mark_safe(html)  # noqa: S308 - nh3 has cleaned it
