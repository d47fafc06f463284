from django.urls import path

from flowbuilder.training import order_pages, views

app_name = "training"
urlpatterns = [
    path("", views.job_list, name="list"),
    path("new/", order_pages.new, name="new"),
    path("estimate/", order_pages.estimate, name="estimate"),
    path("comparison/", views.comparison, name="comparison"),
    path("<uuid:job_id>/", views.job_detail, name="job"),
    path("<uuid:job_id>/log/", views.log, name="log"),
    path("<uuid:job_id>/priority/", views.priority, name="priority"),
    path("<uuid:job_id>/pause/", views.pause, name="pause"),
    path("<uuid:job_id>/cancellation/", views.cancel, name="cancel"),
    path("<uuid:job_id>/resumption/", views.resume, name="resume"),
]
