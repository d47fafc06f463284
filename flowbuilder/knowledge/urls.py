from django.urls import path

from flowbuilder.knowledge import views

app_name = "knowledge"
urlpatterns = [
    path("", views.base_list, name="list"),
    path("<uuid:base_id>/", views.base_detail, name="base"),
    path("<uuid:base_id>/deletion/", views.delete_base, name="delete"),
    path("<uuid:base_id>/documents/", views.upload, name="upload"),
    path("<uuid:base_id>/search/", views.search, name="search"),
    path("documents/<uuid:document_id>/", views.document_detail, name="document"),
    path("documents/<uuid:document_id>/deletion/", views.delete_document, name="delete-document"),
    path("documents/<uuid:document_id>/indexing/", views.retry_document, name="retry-document"),
]
