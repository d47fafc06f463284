from django.urls import path

from flowbuilder.flows.editing.consumers import FlowConsumer

websocket_urlpatterns = [path("ws/flows/<uuid:flow_id>", FlowConsumer.as_asgi())]
