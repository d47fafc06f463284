from django.urls import path

from flowbuilder.publishing.mcp.views import mcp

app_name = "mcp"
urlpatterns = [
    path("mcp", mcp, name="all"),
    path("mcp/<slug:slug>", mcp, name="flow"),
]
