from django.urls import path

from flowbuilder.flows import views
from flowbuilder.flows.bots.views import new_bot
from flowbuilder.flows.files.views import files
from flowbuilder.flows.reference.views import node_list, node_page

app_name = "flows"
urlpatterns = [
    path("", views.flow_list, name="list"),
    path("bots/new/", new_bot, name="new-bot"),
    path("gallery/", views.gallery, name="gallery"),
    path("nodes/", node_list, name="nodes"),
    path("nodes/<str:type_id>/", node_page, name="node"),
    path("flows/files/", files, name="files"),
    path("flows/<uuid:flow_id>/", views.editor, name="editor"),
    path("flows/<uuid:flow_id>/template/", views.keep_as_template, name="keep-as-template"),
    path("gallery/<uuid:template_id>/deletion/", views.delete_template, name="delete-template"),
    path("flows/<uuid:flow_id>/deletion/", views.delete, name="delete"),
]
