from django.urls import path

from flowbuilder.feedback import views

app_name = "feedback"
urlpatterns = [
    path("", views.rating_list, name="list"),
    path("<uuid:rating_id>/withdrawal/", views.withdraw, name="withdraw"),
    path("review/", views.review, name="review"),
    path("review/<uuid:run_id>/", views.review_run, name="review-run"),
]
