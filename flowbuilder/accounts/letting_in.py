"""Who asks, at the place where they ask: a share may let somebody in to what a path names, and to that alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest

from flowbuilder.accounts.models import Asker

CONVERTER = re.compile(r"<\w+:(\w+)>")


@dataclass(frozen=True)
class Where:
    """The route that is asked, and what its path names."""

    route: str = ""
    """Without converters: ``api/flows/<flow_id>/edits``."""
    method: str = "GET"
    names: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, request: HttpRequest) -> Where:
        found = request.resolver_match
        if found is None:
            return cls()
        method = "GET" if request.method in {"HEAD", "OPTIONS"} else str(request.method)
        return cls(CONVERTER.sub(r"<\1>", found.route), method, found.kwargs)

    @classmethod
    def of_socket(cls, route: str, scope: Mapping[str, Any]) -> Where:
        return cls(route, "GET", scope["url_route"]["kwargs"])


let_in: Callable[[Asker | None, Any, Mapping[str, Any], Where], Asker | None] | None = None
"""From who somebody is in their own workspace, the user, the session and the place, who they are there. Set by the
sharing app, which stands above this layer."""


def at(own: Asker | None, user: Any, session: Mapping[str, Any], where: Where) -> Asker | None:
    return own if let_in is None else let_in(own, user, session, where)


def let_in_or_sign_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """As ``login_required``; but whoever opened a link to what the page shows needs no account."""

    def may_come_in(request: Any) -> bool:
        return request.user.is_authenticated or bool(request.asker)

    if iscoroutinefunction(view):

        @wraps(view)
        async def entered(request: HttpRequest, *args: Any, **names: Any) -> Any:
            if await sync_to_async(may_come_in)(request):
                return await view(request, *args, **names)
            return redirect_to_login(request.get_full_path())

    else:

        @wraps(view)
        def entered(request: HttpRequest, *args: Any, **names: Any) -> Any:
            if may_come_in(request):
                return view(request, *args, **names)
            return redirect_to_login(request.get_full_path())

    return entered
