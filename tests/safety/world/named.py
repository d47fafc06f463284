"""What the world's things are called, and what each flow of it does."""

from flowbuilder.accounts.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SECRET = "heron"
"""In the name of everything of the owner's workspace, but the flow."""
FLOW_SECRET = "ibis"
"""In the name of the flow and of what it owns."""
ECHO = {
    "nodes": [
        {"id": "start", "type": "flow.start"},
        {"id": "prompt", "type": "text.prompt", "settings": {"template": "{{ said }}"}},
        {"id": "reply", "type": "flow.reply"},
    ],
    "wires": [
        {"id": "w", "source": "start", "target": "prompt", "target_port": "said"},
        {"id": "v", "source": "prompt", "target": "reply", "target_port": "content"},
    ],
}


def person(name: str) -> User:
    return User.objects.create_user(f"{name}@example.test", "correct horse battery")
