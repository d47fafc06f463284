from django.urls import path

from flowbuilder.variables import views

app_name = "variables"
urlpatterns = [
    path("", views.page, name="list"),
    path("<uuid:variable_id>/deletion/", views.remove, name="remove"),
]
