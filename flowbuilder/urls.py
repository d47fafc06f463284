"""Every page and endpoint."""

from importlib.util import find_spec

from django.urls import include, path

from flowbuilder.api import api, openai_api
from flowbuilder.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/", api.urls),
    path("v1/", openai_api.urls),
    path("accounts/", include("flowbuilder.accounts.urls")),
    *(
        path(prefix, include(f"flowbuilder.{app}.urls"))
        for prefix, app in [
            ("knowledge/", "knowledge"),
            ("training/", "training"),
            ("keys/", "publishing"),
            ("", "flows"),
        ]
        if find_spec(f"flowbuilder.{app}.urls")
    ),
]
