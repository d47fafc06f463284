from django.urls import path

from flowbuilder.people.views import account, groups, invitations, joining, members, opening, workspaces

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
    path("account/", account.account, name="account"),
    path("account/name/", account.rename, name="profile"),
    path("account/email/", account.change_email, name="email"),
    path("account/sessions/others/", account.end_other_sessions, name="end-others"),
    path("account/sessions/<int:session_id>/", account.end_session, name="end-session"),
    path("join/<str:token>/", joining.join, name="join"),
    path("opening/<str:token>/", opening.open_share, name="open"),
]
