"""The hub's client, and its failures in words that say what would work."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from tqdm import tqdm

log = logging.getLogger(__name__)
SHA256 = re.compile(r"[0-9a-f]{64}")
OUT_OF_REACH = (
    "The hub could not be reached. Is this machine offline (HF_HUB_OFFLINE)? A folder works without it."
)


class HubFailure(Exception):
    """Says why, and what would work."""


@contextmanager
def said_plainly(repository: str, revision: str = "") -> Iterator[None]:
    """Turns what the client raises into a ``HubFailure``; its own texts name addresses and are only logged."""
    import httpx2
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        HFValidationError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    try:
        with _unwrapped():
            yield
    except GatedRepoError as error:
        raise HubFailure(f"'{repository}' is gated: accept its terms and set HF_TOKEN.") from error
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise HubFailure(f"The hub has no model '{repository}' (or it is private).") from error
    except RevisionNotFoundError as error:
        raise HubFailure(f"'{repository}' has no revision '{revision}'.") from error
    except HfHubHTTPError as error:
        status = error.response.status_code if error.response is not None else 0
        log.warning("the hub refused %s with %s: %s", repository, status, error)
        if status in {401, 403}:
            raise HubFailure(
                f"The hub refused the token (HF_TOKEN): it needs the right to write to '{repository}'."
            ) from error
        raise HubFailure(f"The hub answered {status or 'nothing'} to '{repository}'; try again.") from error
    except (LocalEntryNotFoundError, httpx2.HTTPError, OSError) as error:
        log.warning("the hub is out of reach for %s: %s", repository, error)
        raise HubFailure(OUT_OF_REACH) from error


@contextmanager
def _unwrapped() -> Iterator[None]:
    """The client wraps what goes wrong while it sends a file, a wish to stop among it."""
    try:
        yield
    except RuntimeError as error:
        raise (error.__cause__ or error) from error


def fetch(repository: str, name: str, commit: str, into: Path, bar: type[tqdm]) -> None:
    """One file, on from what ``into`` holds of it. Large ones are held to the hash that the hub tells.

    The client's own ``hf_hub_download`` starts a broken file from its beginning.
    """
    from huggingface_hub import get_hf_file_metadata, hf_hub_url
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import build_hf_headers

    url = hf_hub_url(repository, name, revision=commit, endpoint=settings.FLOWBUILDER_HUB)
    told = get_hf_file_metadata(url, endpoint=settings.FLOWBUILDER_HUB)
    headers = build_hf_headers()
    if urlsplit(told.location).netloc != urlsplit(url).netloc:
        headers.pop("authorization", None)  # a store elsewhere gets an address that says enough
    if into.is_file() and told.size is not None and into.stat().st_size > told.size:
        into.unlink()
    with into.open("ab") as file:
        http_get(
            told.location,
            file,
            resume_size=file.tell(),
            headers=headers,
            expected_size=told.size,
            displayed_filename=name,
            tqdm_class=bar,
        )
    if told.etag and SHA256.fullmatch(told.etag):
        with into.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != told.etag:
            into.unlink()
            raise HubFailure(f"'{name}' came with other bytes than the hub tells of; try again.")


def client(token: str | None = None):  # type: ignore[no-untyped-def]
    from huggingface_hub import HfApi

    return HfApi(endpoint=settings.FLOWBUILDER_HUB, token=token)
