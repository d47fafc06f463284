"""Whatever file a workspace's member or guest takes away stands in its audit log, whichever route hands it out."""

from __future__ import annotations

from collections.abc import Awaitable
from email.message import Message
from typing import cast

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.both_worlds import InBothWorlds

LONGEST = 200
"""Letters of a filter's value: it is told what was exported, not what somebody typed for a page."""


class FilesTaken(InBothWorlds):
    """Reading a file by GET changes nothing but the log. What is handed out after a POST is told by who does it."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if iscoroutinefunction(self):
            return self._later(request)
        answer = cast(HttpResponseBase, self.get_response(request))
        if is_file(request, answer):
            tell(request, answer)
        return answer

    async def _later(self, request: HttpRequest) -> HttpResponseBase:
        answer = cast(HttpResponseBase, await self.get_response(request))
        if is_file(request, answer):
            await sync_to_async(tell)(request, answer)
        return answer


def is_file(request: HttpRequest, answer: HttpResponseBase) -> bool:
    told = answer.headers.get("Content-Disposition", "")
    return request.method == "GET" and answer.status_code == 200 and told.startswith("attachment")


def tell(request: HttpRequest, answer: HttpResponseBase) -> None:
    asker = request.asker  # type: ignore[attr-defined]
    if asker:
        asked = {name: value[:LONGEST] for name, value in request.GET.items() if value}
        details = {"from": request.path, **({"asked": asked} if asked else {})}
        record(asker=asker, action="file.taken", subject=name_of(answer), details=details)


def name_of(answer: HttpResponseBase) -> str:
    header = Message()
    header["Content-Disposition"] = answer.headers["Content-Disposition"]
    return header.get_filename() or "file"
