"""Named as allauth names them, because it looks them up."""

from django.urls import path

from flowbuilder.people.signing_in import saml

urlpatterns = [
    path("sign-in/", saml.sign_in, name="saml_login"),
    path("answer/", saml.answer, name="saml_acs"),
    path("answer/done/", saml.finish, name="saml_finish_acs"),
    path("sign-out/", saml.sign_out, name="saml_sls"),
    path("metadata/", saml.metadata, name="saml_metadata"),
]
