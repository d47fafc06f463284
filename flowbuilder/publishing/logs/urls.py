from django.urls import path

from flowbuilder.publishing.logs import views

app_name = "logs"
urlpatterns = [
    path("", views.page, name="list"),
    path("export/", views.export, name="export"),
]
