from django.urls import path

from flowbuilder.modelhub import views

app_name = "modelhub"
urlpatterns = [
    path("", views.model_list, name="list"),
    path("<uuid:version_id>/promotion/", views.promote, name="promote"),
    path("<uuid:version_id>/deletion/", views.delete, name="delete"),
]
