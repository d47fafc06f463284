from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "flowbuilder.evaluation"
    label = "evaluation"
