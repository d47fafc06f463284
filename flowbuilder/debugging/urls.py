from django.urls import path

from flowbuilder.debugging import views

app_name = "debugging"
urlpatterns = [
    path("<uuid:base_id>/", views.pane, name="pane"),
    path("<uuid:base_id>/flow/", views.make_flow, name="make-flow"),
    path("<uuid:base_id>/runs/<uuid:run_id>/", views.run_outcome, name="outcome"),
    path("<uuid:base_id>/runs/<uuid:run_id>/correction/", views.correction, name="correct"),
]
