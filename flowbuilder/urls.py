"""Every page and endpoint."""

from django.urls import include, path

from flowbuilder.accounts.views import audit_export, audit_log
from flowbuilder.api import api, flowise_api, openai_api
from flowbuilder.health import healthz
from flowbuilder.people.views.account import choose_language

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/v1/", flowise_api.urls),
    path("api/", api.urls),
    path("v1/", openai_api.urls),
    path("", include("flowbuilder.publishing.mcp.urls")),
    path("accounts/", include("flowbuilder.accounts.urls")),
    path("accounts/saml/<str:organization_slug>/", include("flowbuilder.people.signing_in.urls")),
    path("language/", choose_language, name="set_language"),
    path("audit/", audit_log, name="audit"),
    path("audit/export/", audit_export, name="audit-export"),
    path("knowledge/", include("flowbuilder.knowledge.urls")),
    path("apis/", include("flowbuilder.apis.urls")),
    path("debugging/", include("flowbuilder.debugging.urls")),
    path("feedback/", include("flowbuilder.feedback.urls")),
    path("datasets/", include("flowbuilder.datasets.urls")),
    path("models/", include("flowbuilder.modelhub.urls")),
    path("abtests/", include("flowbuilder.abtests.urls")),
    path("evaluations/", include("flowbuilder.evaluation.urls")),
    path("imports/", include("flowbuilder.importing.urls")),
    path("improvement/", include("flowbuilder.improvement.urls")),
    path("", include("flowbuilder.prompting.urls")),
    path("tests/", include("flowbuilder.testcases.urls")),
    path("training/", include("flowbuilder.training.urls")),
    path("waiting/", include("flowbuilder.runs.waiting_urls")),
    path("variables/", include("flowbuilder.variables.urls")),
    path("chat/", include("flowbuilder.publishing.chat_urls")),
    path("publishing/", include("flowbuilder.publishing.release_urls")),
    path("secrets/", include("flowbuilder.secrets.urls")),
    path("", include("flowbuilder.people.urls")),
    path("", include("flowbuilder.sharing.urls")),
    path("usage/", include("flowbuilder.publishing.usage.urls")),
    path("logs/", include("flowbuilder.publishing.logs.urls")),
    path("conversations/", include("flowbuilder.publishing.conversations.urls")),
    path("keys/", include("flowbuilder.publishing.urls")),
    path("", include("flowbuilder.flows.urls")),
]
