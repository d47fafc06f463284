"""Which pages may open a socket to us."""

from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import split_domain_port, validate_host


class OurPagesOnly:
    """Denies a socket that another site's page opens with our visitor's cookies.

    The port counts: cookies are shared by all ports of a host, so that a page of another program on this
    machine would otherwise read along.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        headers = {name: value.decode("latin-1").lower() for name, value in scope["headers"]}
        ours = is_ours(headers.get(b"origin", ""), headers.get(b"host", ""))
        return await (self.application if ours else WebsocketDenier.as_asgi())(scope, receive, send)


def is_ours(origin: str, host: str) -> bool:
    """As Django decides for a form: the host that was asked, or a site of FLOWBUILDER_ORIGINS."""
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    try:
        same = urlsplit(origin).netloc == host
    except ValueError:
        return False
    return same and validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)
