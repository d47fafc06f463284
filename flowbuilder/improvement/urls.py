from django.urls import path

from flowbuilder.improvement import views

app_name = "improvement"
urlpatterns = [
    path("<uuid:improvement_id>/", views.progress, name="progress"),
    path("flows/<uuid:flow_id>/", views.improve, name="improve"),
]
