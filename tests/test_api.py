"""The OpenAPI document says of each operation what it takes, and nothing of another one."""

import json
from collections import Counter, defaultdict

import pytest
from ninja.openapi.schema import OpenAPISchema

from flowbuilder.api import api, flowise_api, openai_api

ALL = {"api": api, "openai": openai_api, "flowise": flowise_api}


@pytest.mark.parametrize("name", ALL)
def test_no_two_schemas_share_a_name(name, monkeypatch):
    """Ninja keeps the last of them, and the other operations would be said to take that."""
    found: dict[str, set[str]] = defaultdict(set)
    add = OpenAPISchema.add_schema_definitions

    def adding(self, definitions):
        for title, schema in definitions.items():
            found[title].add(json.dumps(schema, sort_keys=True, default=str))
        add(self, definitions)

    monkeypatch.setattr(OpenAPISchema, "add_schema_definitions", adding)
    ALL[name].get_openapi_schema(path_prefix="/drawn-up-anew/")
    several = [title for title, schemas in found.items() if len(schemas) > 1]
    assert not several, f"schemas of one name that differ; name them by their subject: {several}"


@pytest.mark.parametrize("name", ALL)
def test_every_operation_has_a_name_of_its_own(name):
    paths = ALL[name].get_openapi_schema()["paths"]
    names = Counter(found["operationId"] for path in paths.values() for found in path.values())
    several = [each for each, count in names.items() if count > 1]
    assert not several, f"functions of one app that share a name: {several}"
