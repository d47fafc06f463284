from django.urls import path

from flowbuilder.knowledge import views
from flowbuilder.knowledge.pages import answers, documents, embedder, passages, sources, splitting

app_name = "knowledge"
urlpatterns = [
    path("", views.base_list, name="list"),
    path("<uuid:base_id>/", views.base_detail, name="base"),
    path("<uuid:base_id>/deletion/", views.delete_base, name="delete"),
    path("<uuid:base_id>/documents/", views.upload, name="upload"),
    path("<uuid:base_id>/documents/changes/", documents.change_many, name="change-many"),
    path("<uuid:base_id>/sources/", sources.add, name="add-source"),
    path("<uuid:base_id>/settings/", splitting.base_settings, name="settings"),
    path("<uuid:base_id>/answers/", answers.answer_list, name="answers"),
    path("<uuid:base_id>/answers/import/", answers.take_csv, name="import-answers"),
    path("<uuid:base_id>/embedder/", embedder.choose, name="embedder"),
    path("<uuid:base_id>/search/", views.search, name="search"),
    path("documents/<uuid:document_id>/", documents.detail, name="document"),
    path("documents/<uuid:document_id>/text/", documents.text, name="text"),
    path("documents/<uuid:document_id>/splitting/", splitting.document_splitting, name="splitting"),
    path("documents/<uuid:document_id>/metadata/", documents.describe, name="describe"),
    path("documents/<uuid:document_id>/switch/", documents.switch, name="switch-document"),
    path("documents/<uuid:document_id>/deletion/", documents.delete, name="delete-document"),
    path("documents/<uuid:document_id>/indexing/", documents.retry, name="retry-document"),
    path("documents/<uuid:document_id>/cancellation/", documents.cancel, name="cancel-document"),
    path("documents/<uuid:document_id>/passages/", passages.add, name="add-passage"),
    path("passages/<int:passage_id>/", passages.passage, name="passage"),
    path("passages/<int:passage_id>/switch/", passages.switch, name="switch-passage"),
    path("passages/<int:passage_id>/deletion/", passages.delete, name="delete-passage"),
]
