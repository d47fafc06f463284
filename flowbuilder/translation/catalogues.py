"""The Chinese catalogue: read, and brought up to date. Babel does it, and compiles it in bin/build: nobody needs GNU gettext."""

from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import read_po, write_po

from flowbuilder.translation.messages import ROOT, Message

CHINESE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""A date of its last change would be all that two branches have in conflict."""


def read(path: Path = CHINESE) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans", domain="django")


def update(found: dict[Message, str], path: Path = CHINESE) -> Catalog:
    """Keep the translations of what is still said; add the rest, empty."""
    before = read(path) if path.exists() else Catalog(locale="zh_Hans")
    after = Catalog(
        locale="zh_Hans", domain="django", fuzzy=False, project="Flowbuilder", creation_date=NO_DATE
    )
    for message, place in sorted(found.items(), key=lambda item: (item[1], item[0].singular)):
        key: str | tuple[str, str] = message.singular
        if message.plural:
            key = (message.singular, message.plural)
        known = before.get(message.singular, context=message.context or None)
        said = known.string if known is not None else ""
        if message.plural and isinstance(said, str):
            said = (said,)
        elif not message.plural and isinstance(said, tuple):
            said = said[0]
        after.add(key, said, locations=[(place, None)], context=message.context or None)
    with path.open("wb") as file:
        write_po(file, after, width=0, sort_by_file=True, omit_header=False)
    return after


def untranslated(catalogue: Catalog) -> list[Entry]:
    return [entry for entry in catalogue if entry.id and not any(strings(entry))]


def strings(entry: Entry) -> list[str]:
    return list(entry.string) if isinstance(entry.string, tuple | list) else [str(entry.string)]
