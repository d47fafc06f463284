from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "flowbuilder.comments"
    label = "comments"

    def ready(self) -> None:
        from flowbuilder.comments.mentions import unread
        from flowbuilder.comments.unread import counts
        from flowbuilder.flows import views as flow_pages
        from flowbuilder.sharing import views

        views.mentions_of = unread
        flow_pages.unread_of = counts
