from django.urls import path

from flowbuilder.abtests import views

app_name = "abtests"
urlpatterns = [
    path("", views.test_list, name="list"),
    path("<uuid:test_id>/", views.test_detail, name="test"),
    path("<uuid:test_id>/cancellation/", views.stop, name="stop"),
    path("<uuid:test_id>/promotion/", views.promote, name="promote"),
    path("<uuid:test_id>/deletion/", views.delete, name="delete"),
]
