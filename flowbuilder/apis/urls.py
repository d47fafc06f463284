from django.urls import path

from flowbuilder.apis import views

app_name = "apis"
urlpatterns = [
    path("", views.description_list, name="list"),
    path("<uuid:description_id>/", views.description_detail, name="description"),
    path("<uuid:description_id>/revisions/", views.import_again, name="import-again"),
    path("<uuid:description_id>/deletion/", views.delete_description, name="delete"),
    path("operations/<uuid:operation_id>/", views.operation_detail, name="operation"),
]
