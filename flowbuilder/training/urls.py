from django.urls import path

from flowbuilder.training import views

app_name = "training"
urlpatterns = [
    path("", views.job_list, name="list"),
    path("<uuid:job_id>/", views.job_detail, name="job"),
    path("<uuid:job_id>/cancellation/", views.cancel, name="cancel"),
    path("<uuid:job_id>/resumption/", views.resume, name="resume"),
]
