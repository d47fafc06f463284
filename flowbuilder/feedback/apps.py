from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "flowbuilder.feedback"
    label = "feedback"

    def ready(self) -> None:
        from flowbuilder.feedback.card import sections
        from flowbuilder.feedback.pairs import NodeFeedback
        from flowbuilder.modelhub import card
        from flowbuilder.runs import context

        context.feedback_for = NodeFeedback
        card.sources.append(sections)
