"""A workspace with one of everything, and everybody who might ask for it."""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings as django_settings
from django.test import Client

from flowbuilder.accounts.models import ApiKey, Membership, Role, User, Workspace
from flowbuilder.flows.models import Flow
from flowbuilder.improvement.models import Improvement
from flowbuilder.runs.models import Run, Status
from tests.safety.world.doors import (
    make_callback,
    make_doors,
    make_flowise_chat,
    make_import,
    make_price,
    make_response,
    make_turn,
    pass_of,
)
from tests.safety.world.flows import (
    make_feedback,
    make_flow,
    make_run,
    make_search,
    make_template,
    make_thread,
    make_triggers,
    make_wait,
)
from tests.safety.world.knowledge import make_apis, make_knowledge, make_remembered, make_tests
from tests.safety.world.models import make_dataset, make_evaluation, make_models, make_test
from tests.safety.world.named import ECHO, FLOW_SECRET, SECRET, person
from tests.safety.world.people import make_keys, make_links, make_people, make_secret, make_shares, session_of


@dataclass
class World:
    """What the tests ask for: the parameters of paths, and a client for each asker."""

    workspace: Workspace
    flow: Flow
    run: Run
    graph: dict[str, Any]
    parameters: dict[str, str]
    people: dict[str, User]
    cookies: dict[str, str]
    secrets: dict[str, str]
    visitor_pass: str
    """Sent by everybody: who visits a public page is asked for nothing else."""

    def path_of(self, route: str) -> str:
        """The path of a pattern such as ``api/flows/<flow_id>``."""

        def value(found: "re.Match[str]") -> str:
            assert found[1] in self.parameters, (
                f"'{route}' has a parameter '{found[1]}' that tests/safety/world cannot fill: add an object of "
                "the owner's workspace to the world, and its id to 'parameters'."
            )
            return self.parameters[found[1]]

        return "/" + re.sub(r"<(\w+)>", value, route)

    def client(self, asker: str, **options: Any) -> Client:
        """A new one each time: an answer must not change who asks next."""
        headers = {"X-Visitor": self.visitor_pass}
        if asker in self.secrets:
            headers["Authorization"] = f"Bearer {self.secrets[asker]}"
        client = Client(raise_request_exception=False, headers=headers, **options)
        if asker in self.cookies:
            client.cookies[django_settings.SESSION_COOKIE_NAME] = self.cookies[asker]
        return client


def make_world() -> World:
    workspace = Workspace.objects.create(name=f"Depot {SECRET}")
    people = {name: person(name) for name in ("owner", "admin", "editor", "runner", "viewer", "removed")}
    for role in Role:
        Membership.objects.create(user=people[role], workspace=workspace, role=role)
    people["stranger"] = person("stranger")
    Membership.objects.create(
        user=people["stranger"], workspace=Workspace.objects.create(name="Elsewhere"), role=Role.OWNER
    )
    flow = make_flow(workspace, FLOW_SECRET, slug="the-flow")
    run = make_run(flow, status=Status.FAILED, error="It stopped.")
    keys = make_keys(workspace, people, flow)
    doors = make_doors(flow)
    known = {**make_knowledge(workspace), **make_models(workspace)}
    shares = make_shares(flow, known, people)
    parameters = {
        **known,
        **shares,
        **make_thread(flow, people["admin"]),
        "flow_id": flow.pk,
        "number": 1,
        "environment": "staging",
        "slug": flow.slug,
        "run_id": run.pk,
        "node": "prompt_1",
        "key_id": ApiKey.objects.get(name=f"key {SECRET}").pk,
        "token": "guess",
        "uidb36": "1",
        "key": "guess",
        "pk": 1,
        "provider_id": "guess",
        "organization_slug": "guess",
        "session_id": 1,
        **make_apis(workspace),
        **make_tests(workspace),
        **make_dataset(workspace),
        **make_evaluation(workspace),
        **make_test(workspace),
        **make_feedback(flow, people["admin"]),
        "address": doors.address,
        "secret_id": make_secret(workspace, people["owner"]),
        "turn_id": make_turn(doors).run_id,
        **make_flowise_chat(doors),
        "search_id": make_search(flow),
        "type_id": "text.prompt",
        "template_id": make_template(flow),
        **make_remembered(workspace),
        **make_wait(flow),
        **make_triggers(flow),
        **make_people(workspace, people["owner"]),
        "response_id": make_response(flow).name,
        **make_callback(flow, run),
        "import_id": make_import(workspace, people["owner"]),
        **make_price(workspace),
        "improvement_id": Improvement.objects.create(workspace=workspace, flow=flow).pk,
    }
    return World(
        workspace=workspace,
        flow=flow,
        run=run,
        graph=ECHO,
        parameters={name: str(value) for name, value in parameters.items()},
        people=people,
        cookies={name: session_of(user) for name, user in people.items()} | make_links(flow),
        secrets=keys,
        visitor_pass=pass_of(doors),
    )
