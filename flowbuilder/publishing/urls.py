from django.urls import path

from flowbuilder.publishing import views

app_name = "publishing"
urlpatterns = [
    path("", views.keys, name="keys"),
    path("<uuid:key_id>/revocation/", views.revoke, name="revoke"),
]
