from django.urls import path

from flowbuilder.testcases import views

app_name = "testcases"
urlpatterns = [
    path("of/<uuid:base_id>/", views.of_base, name="of-base"),
    path("recall/", views.recall, name="recall"),
    path("<uuid:set_id>/", views.set_detail, name="set"),
    path("<uuid:set_id>/deletion/", views.delete_set, name="delete"),
    path("<uuid:set_id>/cases/", views.write_case, name="write"),
    path("<uuid:set_id>/cases/<int:case_id>/deletion/", views.delete_case, name="delete-case"),
    path("<uuid:set_id>/import/", views.import_file, name="import"),
    path("<uuid:set_id>/runs/", views.start, name="start"),
    path("runs/<uuid:test_run_id>/", views.run_detail, name="run"),
    path("runs/<uuid:test_run_id>/cancellation/", views.cancel, name="cancel"),
]
