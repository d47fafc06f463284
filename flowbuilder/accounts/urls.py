from allauth.account import views as allauth
from django.urls import path
from django.views.decorators.http import require_http_methods

from flowbuilder.accounts.views import setup

form = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("sign-in/", form(allauth.login), name="account_login"),
    path("sign-out/", form(allauth.logout), name="account_logout"),
    path("password/", form(allauth.password_change), name="account_change_password"),
    path("sign-up/", form(allauth.signup), name="account_signup"),
    path("reset/", form(allauth.password_reset), name="account_reset_password"),
    path("reset/done/", form(allauth.password_reset_done), name="account_reset_password_done"),
    path(
        "reset/key/<uidb36>-<key>/",
        form(allauth.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "reset/key/done/",
        form(allauth.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("inactive/", form(allauth.account_inactive), name="account_inactive"),
    path("reauthenticate/", form(allauth.reauthenticate), name="account_reauthenticate"),
    path("setup/<str:token>/", setup, name="setup"),
]
