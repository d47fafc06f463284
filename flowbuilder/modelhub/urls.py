from django.urls import path

from flowbuilder.modelhub import look_pages, model_pages, version_pages, views

app_name = "modelhub"
urlpatterns = [
    path("", views.model_list, name="list"),
    path("<str:name>/", model_pages.model, name="model"),
    path("<str:name>/description/", model_pages.describe, name="describe"),
    path("<str:name>/aliases/", model_pages.set_alias, name="set_alias"),
    path("<str:name>/aliases/<str:alias>/rollback/", model_pages.roll_back, name="roll_back"),
    path("<str:name>/aliases/<str:alias>/deletion/", model_pages.remove_alias, name="remove_alias"),
    path("versions/<uuid:version_id>/", version_pages.version, name="version"),
    path("versions/<uuid:version_id>/look/", look_pages.look, name="look"),
    path("versions/<uuid:version_id>/promotion/", version_pages.promote, name="promote"),
    path("versions/<uuid:version_id>/deletion/", version_pages.delete, name="delete"),
    path("versions/<uuid:version_id>/cancellation/", version_pages.cancel_import, name="cancel_import"),
    path("versions/<uuid:version_id>/resumption/", version_pages.resume_import, name="resume_import"),
    path("versions/<uuid:version_id>/uploads/", version_pages.upload, name="upload"),
    path("uploads/<uuid:upload_id>/cancellation/", version_pages.cancel_upload, name="cancel_upload"),
]
