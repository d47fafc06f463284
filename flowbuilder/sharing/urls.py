from django.urls import path

from flowbuilder.sharing import links, views

app_name = "sharing"
urlpatterns = [
    path("shared/", views.shared_with_me, name="mine"),
    path("shared/news/", views.news, name="news"),
    path("shared/reading/", views.reading, name="reading"),
    path("shared/<str:token>/", links.link, name="link"),
    path("sharing/<str:kind>/<uuid:thing_id>/", views.shares, name="shares"),
    path("sharing/<str:kind>/<uuid:thing_id>/standing/", links.standing, name="standing"),
    path("sharing/<uuid:share_id>/right/", views.change, name="change"),
    path("sharing/<uuid:share_id>/link/", views.change_link, name="change-link"),
    path("sharing/<uuid:share_id>/invitation/", views.send_again, name="send-again"),
    path("sharing/<uuid:share_id>/end/", views.end, name="end"),
]
