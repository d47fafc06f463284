"""The web process: HTTP by Django, sockets by Channels, built files from memory-mapped disk."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "flowbuilder.settings")

from django.core.asgi import get_asgi_application

http = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.sessions import SessionMiddlewareStack
from django.conf import settings
from django.urls import path, re_path
from servestatic import ServeStaticASGI

from flowbuilder.accounts.origin import OurPagesOnly
from flowbuilder.flows.routing import websocket_urlpatterns as of_flows
from flowbuilder.people.consumers import StandingConsumer
from flowbuilder.runs.consumers import Nowhere
from flowbuilder.runs.routing import websocket_urlpatterns as of_runs

static = ServeStaticASGI(http, root=settings.BASE_DIR / "static" / "dist", prefix="static/dist/", max_age=60)

websocket_urlpatterns = [*of_runs, *of_flows, path("ws/standing", StandingConsumer.as_asgi())]
# The last one closes what asks for a socket that there is not: a router alone would answer with a traceback.
sockets = [*websocket_urlpatterns, re_path("", Nowhere.as_asgi())]
application = ProtocolTypeRouter(
    {
        "http": static,
        "websocket": OurPagesOnly(SessionMiddlewareStack(URLRouter(sockets))),
    }
)
