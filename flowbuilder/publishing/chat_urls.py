from django.urls import path

from flowbuilder.publishing import chat_views

app_name = "chat"
urlpatterns = [
    path("<slug:address>/", chat_views.page, name="page"),
    path("<slug:address>/frame/", chat_views.frame, name="frame"),
]
