from django.urls import path

from flowbuilder.prompting import views

app_name = "prompting"
urlpatterns = [
    path("flows/<uuid:flow_id>/prompts/", views.improve, name="improve"),
    path("flows/<uuid:flow_id>/prompts/use/", views.use, name="use"),
    path("flows/<uuid:flow_id>/prompts/searches/", views.start_search, name="searches"),
    path("flows/<uuid:flow_id>/prompts/searches/<uuid:search_id>/", views.show_search, name="search"),
    path(
        "flows/<uuid:flow_id>/prompts/searches/<uuid:search_id>/cancellation/",
        views.cancel_search,
        name="cancel",
    ),
]
