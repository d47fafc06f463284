"""The web process: HTTP by Django, sockets by Channels, built files from memory-mapped disk."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "flowbuilder.settings")

from django.core.asgi import get_asgi_application

http = get_asgi_application()

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings
from servestatic import ServeStaticASGI

from flowbuilder.runs.routing import websocket_urlpatterns

static = ServeStaticASGI(http, root=settings.BASE_DIR / "static" / "dist", prefix="static/dist/", max_age=60)

application = ProtocolTypeRouter(
    {
        "http": static,
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)
