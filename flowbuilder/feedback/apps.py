from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "flowbuilder.feedback"
    label = "feedback"
