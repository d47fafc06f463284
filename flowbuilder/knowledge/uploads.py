"""Files as they come from a browser."""

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from flowbuilder.accounts.errors import ApiError
from flowbuilder.knowledge import services
from flowbuilder.knowledge.formats import check_size
from flowbuilder.knowledge.models import KnowledgeBase


def read(file: UploadedFile) -> bytes:
    """Its bytes; a file that is too large is refused before any of it is in memory."""
    check_size(name_of(file), file.size or 0)
    return bytes(file.read())


def name_of(file: UploadedFile) -> str:
    return file.name or "document"


def take(
    *, base: KnowledgeBase, files: Iterable[UploadedFile], hold: bool = False
) -> tuple[list[str], list[str]]:
    """Keep every file that can be read; why each of the others was refused, and which were here before."""
    known = set(base.documents.values_list("pk", flat=True))
    refused, repeated = [], []
    for file in files:
        try:
            document = services.add_document(base=base, name=name_of(file), data=read(file), hold=hold)
        except ApiError as error:
            refused.append(error.message)
            continue
        if document.pk in known:
            repeated.append(
                _("'%(file)s' is here already, as '%(name)s'.")
                % {"file": name_of(file), "name": document.name}
            )
        known.add(document.pk)
    return refused, repeated
