from django.urls import path

from flowbuilder.publishing import views
from flowbuilder.publishing.limits import views as limits

app_name = "publishing"
urlpatterns = [
    path("", views.keys, name="keys"),
    path("<uuid:key_id>/revocation/", views.revoke, name="revoke"),
    path("<uuid:key_id>/limits/", limits.of_key, name="limits"),
]
