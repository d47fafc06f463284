from django.urls import path

from flowbuilder.evaluation import judging_pages, views

app_name = "evaluation"
urlpatterns = [
    path("", views.evaluation_list, name="list"),
    path("new/", views.new, name="new"),
    path("gates/<str:name>/", views.gate, name="gate"),
    path("<uuid:evaluation_id>/", views.detail, name="detail"),
    path("<uuid:evaluation_id>/export/<str:form>/", views.export, name="export"),
    path("<uuid:evaluation_id>/pairs/", judging_pages.pairs, name="pairs"),
    path("<uuid:evaluation_id>/pairs/<int:pair>/", judging_pages.decide, name="decide"),
    path("<uuid:evaluation_id>/safety/", judging_pages.safety, name="safety"),
    path("<uuid:evaluation_id>/safety/<int:question>/<str:which>/", judging_pages.rate, name="rate"),
]
