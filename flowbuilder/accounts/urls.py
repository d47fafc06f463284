from collections.abc import Callable

from allauth.account import views as allauth
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as elsewhere
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.urls import include, path
from django.views.decorators.http import require_http_methods, require_safe

from flowbuilder.accounts.adapter import goes_to_the_log
from flowbuilder.accounts.elsewhere import openid_connect
from flowbuilder.accounts.first_visit import nobody_yet
from flowbuilder.accounts.views import setup

form = require_http_methods(["GET", "HEAD", "POST"])
shown = require_safe


def own(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A form of one's own account. allauth would keep what nobody sent in a session, until they sign in."""
    return login_required(form(view))


second_factor = [
    path("", shown(mfa.index), name="mfa_index"),
    path("code/", form(mfa.authenticate), name="mfa_authenticate"),
    path("again/", form(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("app/on/", own(totp.activate_totp), name="mfa_activate_totp"),
    path("app/off/", own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("recovery/", shown(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("recovery/new/", own(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("passkeys/", shown(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("passkeys/new/", own(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("passkeys/sign-in/", form(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("passkeys/again/", form(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/", own(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/removal/", own(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
]

urlpatterns = [
    path(
        "sign-in/",
        form(allauth.LoginView.as_view(extra_context={"nobody_yet": nobody_yet})),
        name="account_login",
    ),
    path("sign-out/", form(allauth.logout), name="account_logout"),
    path("password/", form(allauth.password_change), name="account_change_password"),
    path("password/first/", own(allauth.password_set), name="account_set_password"),
    path("sign-up/", form(allauth.signup), name="account_signup"),
    path(
        "reset/",
        form(allauth.PasswordResetView.as_view(extra_context={"goes_to_the_log": goes_to_the_log})),
        name="account_reset_password",
    ),
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
    path("second-factor/", include(second_factor)),
    path("elsewhere/", form(elsewhere.connections), name="socialaccount_connections"),
    path("elsewhere/sign-up/", form(elsewhere.signup), name="socialaccount_signup"),
    path("elsewhere/cancelled/", shown(elsewhere.login_cancelled), name="socialaccount_login_cancelled"),
    path("elsewhere/error/", shown(elsewhere.login_error), name="socialaccount_login_error"),
    path("oidc/<str:provider_id>/sign-in/", form(openid_connect), name="openid_connect_login"),
    path("oidc/<str:provider_id>/answer/", shown(oidc.callback), name="openid_connect_callback"),
    path("setup/<str:token>/", setup, name="setup"),
]
