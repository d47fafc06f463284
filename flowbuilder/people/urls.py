from django.urls import path

from flowbuilder.people.views import groups, invitations, joining, members, workspaces

app_name = "people"
urlpatterns = [
    path("members/", members.member_list, name="members"),
    path("members/<int:member_id>/role/", members.change_role, name="role"),
    path("members/<int:member_id>/removal/", members.remove, name="remove"),
    path("members/invitations/", invitations.invite, name="invite"),
    path("members/invitations/<uuid:invitation_id>/renewal/", invitations.renew, name="renew"),
    path("members/invitations/<uuid:invitation_id>/revocation/", invitations.revoke, name="revoke"),
    path("groups/", groups.group_list, name="groups"),
    path("groups/<uuid:group_id>/", groups.change, name="group"),
    path("groups/<uuid:group_id>/deletion/", groups.delete, name="delete-group"),
    path("workspaces/", workspaces.workspace_list, name="workspaces"),
    path("workspaces/<uuid:workspace_id>/choice/", workspaces.choose, name="choose"),
    path("workspaces/<uuid:workspace_id>/name/", workspaces.rename, name="rename"),
    path("workspaces/<uuid:workspace_id>/owner/", workspaces.hand_over, name="hand-over"),
    path("workspaces/<uuid:workspace_id>/deletion/", workspaces.delete, name="delete-workspace"),
    path("join/<str:token>/", joining.join, name="join"),
]
