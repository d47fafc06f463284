from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "flowbuilder.accounts"
    label = "accounts"
