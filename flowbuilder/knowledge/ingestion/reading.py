"""The first stage: text out of the bytes, which an address is asked for first."""

from __future__ import annotations

import hashlib

from flowbuilder.accounts.errors import ApiError
from flowbuilder.knowledge.formats import format_of
from flowbuilder.knowledge.ingestion.leases import SPLITTING, Held
from flowbuilder.knowledge.ingestion.sketches import nearest, sketch_of
from flowbuilder.knowledge.loaders import confined
from flowbuilder.knowledge.models import Document, DocumentStatus, Origin
from flowbuilder.knowledge.storage import path_of, read_file, write_file, write_text
from flowbuilder.outbound import Refused, fetch


def read(held: Held) -> None:
    """Leaves the document for the next stage, held for a look at its passages, or failed with the reason."""
    document = held.document
    try:
        if document.origin == Origin.URL and not path_of(document).exists():
            fetch_bytes(held)
        text = confined.read_text(read_file(document), document.format)
    except (confined.LoadFailed, Refused) as error:
        held.fail(str(error))
        return
    except ApiError as error:
        held.fail(error.message)
        return
    except OSError:
        held.fail("Its bytes are not in the file store any more. Upload it again.")
        return
    write_text(document, text)
    sketch = sketch_of(text)
    twin, resemblance = nearest(document, sketch)
    held.write(
        status=DocumentStatus.HELD if document.hold else DocumentStatus.QUEUED,
        phase=SPLITTING,
        attempts=0,
        sketch=sketch,
        resembles=twin,
        resemblance=resemblance,
    )


def fetch_bytes(held: Held) -> None:
    document = held.document
    data, name = fetch(document.url)
    document.format = format_of(name, data)
    write_file(document, data)
    digest = hashlib.sha256(data).hexdigest()
    held.write(format=document.format, size=len(data), sha256=digest)
    same = Document.objects.filter(base=document.base_id, sha256=digest).exclude(pk=document.pk).first()
    if same is not None:
        raise Refused(f"The page holds the same bytes as '{same.name}', which is here already.")
