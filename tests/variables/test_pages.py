"""The workspace's variables by browser and over HTTP."""

import pytest

from flowbuilder.variables.models import Scope, Variable

pytestmark = pytest.mark.django_db


@pytest.fixture
def web(client, owner):
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_set_changed_and_removed_on_the_page(web, workspace):
    assert "No variable yet" in web.get("/variables/").content.decode()
    assert web.post("/variables/", {"name": "limit", "value": "42"}).status_code == 302
    assert web.post("/variables/", {"name": "greeting", "value": "Good day"}).status_code == 302
    assert dict(Variable.objects.values_list("name", "value")) == {"limit": 42, "greeting": "Good day"}
    refused = web.post("/variables/", {"name": "a" * 101, "value": "1"})
    assert refused.status_code == 422 and "cannot name a variable" in refused.content.decode()
    limit = Variable.objects.get(name="limit")
    partial = web.post(f"/variables/{limit.pk}/deletion/", headers={"HX-Request": "true"})
    assert partial.status_code == 200 and "limit" not in partial.content.decode()


def test_over_http(web, workspace):
    put = web.put("/api/variables/limits", {"value": {"kg": 30}}, content_type="application/json")
    assert put.status_code == 200 and put.json()["value"] == {"kg": 30}
    Variable.objects.create(workspace=workspace, scope=Scope.RUN, holder="r", name="hidden", value=1)
    assert [row["name"] for row in web.get("/api/variables").json()] == ["limits"]
    assert web.get("/api/variables/hidden").status_code == 404
    none = web.put("/api/variables/limits", {"value": None}, content_type="application/json")
    assert none.status_code == 422 and "DELETE" in none.json()["error"]["message"]
    assert web.delete("/api/variables/limits").status_code == 204
    assert web.get("/api/variables/limits").status_code == 404
