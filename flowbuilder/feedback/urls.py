from django.urls import path

from flowbuilder.feedback import gold_views, review, views

app_name = "feedback"
urlpatterns = [
    path("", views.rating_list, name="list"),
    path("<uuid:rating_id>/withdrawal/", views.withdraw, name="withdraw"),
    path("<uuid:rating_id>/gold/", gold_views.from_rating, name="make-gold"),
    path("gold/", gold_views.gold_list, name="gold"),
    path("gold/frequency/", gold_views.frequency, name="gold-frequency"),
    path("gold/<uuid:gold_id>/deletion/", gold_views.delete, name="delete-gold"),
    path("review/", review.show, name="review"),
    path("review/<uuid:item_id>/", review.rate_answer, name="review-answer"),
    path("review/pairs/<uuid:comparison_id>/", review.judge_pair, name="review-pair"),
    path("review/rankings/<uuid:run_id>/", review.rank, name="review-ranking"),
]
