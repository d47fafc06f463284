from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "flowbuilder.feedback"
    label = "feedback"

    def ready(self) -> None:
        from flowbuilder.feedback.pairs import NodeFeedback
        from flowbuilder.runs import context

        context.feedback_for = NodeFeedback
