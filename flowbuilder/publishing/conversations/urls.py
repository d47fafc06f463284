from django.urls import path

from flowbuilder.publishing.conversations import views

app_name = "conversations"
urlpatterns = [
    path("", views.page, name="list"),
    path("export/", views.export, name="export"),
    path("<uuid:flow_id>/", views.transcript, name="transcript"),
    path("<uuid:flow_id>/deletion/", views.delete, name="delete"),
    path("turns/<uuid:run_id>/", views.send, name="send"),
]
