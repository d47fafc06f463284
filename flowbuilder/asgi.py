"""The web process: HTTP by Django, sockets by Channels, built files from memory-mapped disk."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "flowbuilder.settings")

from django.core.asgi import get_asgi_application

http = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.sessions import SessionMiddlewareStack
from django.conf import settings
from servestatic import ServeStaticASGI

from flowbuilder.accounts.origin import OurPagesOnly
from flowbuilder.runs.routing import websocket_urlpatterns

static = ServeStaticASGI(http, root=settings.BASE_DIR / "static" / "dist", prefix="static/dist/", max_age=60)

application = ProtocolTypeRouter(
    {
        "http": static,
        "websocket": OurPagesOnly(SessionMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)
