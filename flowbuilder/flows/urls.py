from django.urls import path

from flowbuilder.flows import views
from flowbuilder.flows.bots.views import new_bot

app_name = "flows"
urlpatterns = [
    path("", views.flow_list, name="list"),
    path("bots/new/", new_bot, name="new-bot"),
    path("gallery/", views.gallery, name="gallery"),
    path("flows/<uuid:flow_id>/", views.editor, name="editor"),
    path("flows/<uuid:flow_id>/deletion/", views.delete, name="delete"),
]
