from django.urls import path

from flowbuilder.importing import views

app_name = "importing"
urlpatterns = [
    path("", views.imports, name="list"),
    path("<uuid:import_id>/", views.one, name="one"),
]
