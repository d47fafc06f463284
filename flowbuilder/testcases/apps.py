from django.apps import AppConfig


class TestcasesConfig(AppConfig):
    name = "flowbuilder.testcases"
    label = "testcases"
