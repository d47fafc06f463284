from django.urls import path

from flowbuilder.runs import waiting_views

app_name = "waiting"
urlpatterns = [
    path("", waiting_views.page, name="list"),
    path("count/", waiting_views.count, name="count"),
    path("<int:wait_id>/", waiting_views.answer, name="answer"),
]
