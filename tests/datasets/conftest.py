"""Datasets with rows, and whoever asks for them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from flowbuilder.accounts.models import Asker, Membership, Role
from flowbuilder.datasets import editing, services
from flowbuilder.datasets.models import Dataset, Row


@pytest.fixture
def make_dataset(workspace) -> Callable[..., Dataset]:
    """``make_dataset("prompts")`` is an empty one of that kind."""

    def make(kind: str = "completion", name: str = "faq", **shares: int) -> Dataset:
        return services.create_dataset(workspace_id=workspace.pk, name=name, kind=kind, **shares)

    return make


@pytest.fixture
def dataset(make_dataset) -> Dataset:
    return make_dataset()


def put(dataset: Dataset, *contents: Any, origin: str = "written", **fields: Any) -> list[Row]:
    """Add rows; a text is a prompt whose answer is itself."""
    rows = [editing.incoming(dataset.kind, whole(dataset.kind, content), origin) for content in contents]
    editing.add(dataset=dataset, rows=rows, **fields)
    return list(dataset.draft.order_by("-id")[: len(contents)])[::-1]


def whole(kind: str, content: Any) -> dict[str, Any]:
    if isinstance(content, dict):
        return content
    return {
        "prompts": {"prompt": content},
        "completion": {"prompt": content, "completion": f"re: {content}"},
        "preference": {"prompt": content, "chosen": f"re: {content}", "rejected": "no"},
        "label": {"prompt": content, "completion": f"re: {content}", "label": True},
    }[kind]


@pytest.fixture
def viewer(teammate):
    Membership.objects.filter(user=teammate).update(role=Role.VIEWER)
    return teammate


@pytest.fixture
def as_teammate(teammate, workspace) -> Asker:
    return Asker(user=teammate, workspace=workspace, role=Role.EDITOR)


@pytest.fixture
def send(api_client) -> Callable[..., Any]:
    """``send(user, method, path, body)`` as JSON."""

    def ask(user: Any, method: str, path: str, body: Any = None) -> Any:
        client: Client = api_client(user)
        return getattr(client, method)(path, body, content_type="application/json")

    return ask
