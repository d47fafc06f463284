from allauth.account import views as allauth
from django.urls import path

from flowbuilder.accounts.views import setup

urlpatterns = [
    path("sign-in/", allauth.login, name="account_login"),
    path("sign-out/", allauth.logout, name="account_logout"),
    path("password/", allauth.password_change, name="account_change_password"),
    path("sign-up/", allauth.signup, name="account_signup"),
    path("reset/", allauth.password_reset, name="account_reset_password"),
    path("reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    path(
        "reset/key/<uidb36>-<key>/", allauth.password_reset_from_key, name="account_reset_password_from_key"
    ),
    path(
        "reset/key/done/", allauth.password_reset_from_key_done, name="account_reset_password_from_key_done"
    ),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("setup/<str:token>/", setup, name="setup"),
]
