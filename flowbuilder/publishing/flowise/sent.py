"""What a prediction is asked with: JSON, or a multipart form whose fields hold the same JSON."""

from __future__ import annotations

import json
from typing import Any, Literal

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from flowbuilder.accounts.errors import ApiError
from flowbuilder.publishing.flowise.models import LONGEST_ID

WRITTEN_AS_JSON = {"form", "overrideConfig", "history", "uploads", "humanInput"}
MOST_FILES = 10


class _Sent(BaseModel):
    """What other versions of the clients send beside it has no effect."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


class Said(_Sent):
    role: Literal["apiMessage", "userMessage"] = "userMessage"
    content: str = ""


class Upload(_Sent):
    type: str = Field("file", max_length=40)
    name: str = Field("file", max_length=255)
    data: str | None = ""
    """A data URI; of ``file:full`` the text that an attachment was read as; of ``url`` an address."""
    mime: str = Field("", max_length=200)


class HumanInput(_Sent):
    type: Literal["proceed", "reject"]
    startNodeId: str = Field("", max_length=1000)
    feedback: str | None = ""


class Prediction(_Sent):
    question: str | None = ""
    form: dict[str, Any] | None = None
    chatId: str | None = Field(None, max_length=LONGEST_ID)
    streaming: bool | None = False
    overrideConfig: dict[str, Any] | None = None
    history: list[Said] | None = None
    uploads: list[Upload] | None = Field(None, max_length=MOST_FILES)
    leadEmail: str | None = Field(None, max_length=254)
    humanInput: HumanInput | None = None


def sent_in(request: HttpRequest) -> tuple[Prediction, list[UploadedFile]]:
    """``ApiError`` 400 says what cannot be read."""
    files: list[UploadedFile] = []
    if (request.content_type or "").startswith("multipart/form-data"):
        given = {name: _value(name, text) for name, text in request.POST.items()}
        files = request.FILES.getlist("files")
        if len(files) > MOST_FILES:
            raise ApiError("invalid", f"{MOST_FILES} files may be sent at once; these are {len(files)}.", 400)
    else:
        given = _json(request.body.decode(errors="replace") or "{}", "The body")
    if not isinstance(given, dict):
        raise ApiError("invalid", 'The body is a JSON object like {"question": "..."}.', 400)
    try:
        return Prediction.model_validate(given), files
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()[:5])
        raise ApiError("invalid", told, 400) from error


def _value(name: str, text: str) -> Any:
    return _json(text, f"'{name}'") if name in WRITTEN_AS_JSON else text


def _json(text: str, what: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ApiError("invalid", f"{what} is not JSON.", 400) from error
