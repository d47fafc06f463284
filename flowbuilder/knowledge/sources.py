"""Knowledge that is no file: the address of a page, and pasted text."""

from __future__ import annotations

import hashlib

from django.db import transaction

from flowbuilder.accounts.errors import ApiError
from flowbuilder.knowledge.formats import check_size, format_of
from flowbuilder.knowledge.models import Document, KnowledgeBase, Origin
from flowbuilder.knowledge.services import wake_worker
from flowbuilder.knowledge.storage import remove_file, write_file
from flowbuilder.outbound import Refused, check_url

LONGEST_URL = 2000


def add_url(*, base: KnowledgeBase, url: str, hold: bool = False) -> Document:
    """Its page is fetched by the worker; the same address twice is the same document."""
    url = url.strip()
    if len(url) > LONGEST_URL:
        raise ApiError("document_refused", f"An address may have {LONGEST_URL:,} characters.", 422)
    try:
        check_url(url)
    except Refused as refused:
        raise ApiError("document_refused", f"'{url[:120]}' was not taken: {refused}", 422) from refused
    known = base.documents.filter(origin=Origin.URL, url=url).first()
    if known is not None:
        return known
    document = Document(
        workspace_id=base.workspace_id,
        base=base,
        name=url[:255],
        origin=Origin.URL,
        url=url,
        format="html",
        size=0,
        hold=hold,
    )
    document.save(force_insert=True)
    transaction.on_commit(wake_worker)
    return document


def fetch_again(document: Document) -> None:
    """The page as it is now; its passages change when the new ones are whole."""
    if document.origin != Origin.URL:
        raise ApiError(
            "invalid", f"'{document.name}' was not fetched from an address; upload the new file.", 422
        )
    from flowbuilder.knowledge.services import retry_document

    remove_file(document)
    retry_document(document)


def add_text(*, base: KnowledgeBase, name: str, text: str, hold: bool = False) -> Document:
    """Read as Markdown."""
    data = text.encode()
    name = name.strip()[:255] or " ".join(text.split())[:60]
    check_size(name, len(data))
    format_of(f"{name}.md", data)
    digest = hashlib.sha256(data).hexdigest()
    known = base.documents.filter(sha256=digest).first()
    if known is not None:
        return known
    document = Document(
        workspace_id=base.workspace_id,
        base=base,
        name=name,
        origin=Origin.TEXT,
        format="md",
        size=len(data),
        sha256=digest,
        hold=hold,
    )
    write_file(document, data)
    document.save(force_insert=True)
    transaction.on_commit(wake_worker)
    return document
