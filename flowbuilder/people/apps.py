from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "flowbuilder.people"
    label = "people"
