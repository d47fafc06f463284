from django.urls import path

from flowbuilder.secrets import views

app_name = "secrets"
urlpatterns = [
    path("", views.secret_list, name="list"),
    path("<uuid:secret_id>/value/", views.replace, name="replace"),
    path("<uuid:secret_id>/deletion/", views.delete, name="delete"),
]
