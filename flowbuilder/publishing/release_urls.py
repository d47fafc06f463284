from django.urls import path

from flowbuilder.publishing import release_views
from flowbuilder.publishing.callbacks import views as callbacks
from flowbuilder.publishing.flowise import leads_views
from flowbuilder.publishing.limits import views as limits
from flowbuilder.publishing.transfer import views as transfers
from flowbuilder.publishing.triggers import views as triggers

app_name = "releases"
urlpatterns = [
    path("<uuid:flow_id>/", release_views.release, name="release"),
    path("<uuid:flow_id>/publication/", release_views.go_live, name="go-live"),
    path("<uuid:flow_id>/rollback/", release_views.roll_back, name="roll-back"),
    path("<uuid:flow_id>/environments/", release_views.move_environments, name="environments"),
    path("<uuid:flow_id>/limits/", limits.of_flow, name="limits"),
    path("<uuid:flow_id>/doors/", release_views.change_doors, name="doors"),
    path("<uuid:flow_id>/webhooks/<uuid:hook_id>/renewal/", triggers.renew, name="renew"),
    path("<uuid:flow_id>/schedules/<uuid:schedule_id>/pause/", triggers.pause, name="pause"),
    path("<uuid:flow_id>/leads/", leads_views.leads, name="leads"),
    path("<uuid:flow_id>/leads/export/", leads_views.export, name="leads-export"),
    path("<uuid:flow_id>/leads/<uuid:lead_id>/deletion/", leads_views.delete, name="delete-lead"),
    path("<uuid:flow_id>/callbacks/", callbacks.add, name="add-callback"),
    path("<uuid:flow_id>/callbacks/<uuid:callback_id>/", callbacks.change, name="change-callback"),
    path("<uuid:flow_id>/deliveries/", callbacks.deliveries, name="deliveries"),
    path("<uuid:flow_id>/deliveries/<uuid:delivery_id>/", callbacks.redeliver, name="redeliver"),
    path("<uuid:flow_id>/transfer/", transfers.transfer_flow, name="transfer-flow"),
    path("transfers/<str:kind>/<uuid:thing_id>/", transfers.transfer, name="transfer"),
    path("transfers/<str:kind>/<uuid:thing_id>/offer/", transfers.offer, name="offer"),
    path("offers/letters/<str:token>/", transfers.offered, name="offered"),
    path("offers/<uuid:offer_id>/", transfers.take, name="take"),
    path("offers/<uuid:offer_id>/refusal/", transfers.refuse, name="refuse"),
    path("<uuid:flow_id>/difference/", release_views.difference, name="difference"),
]
