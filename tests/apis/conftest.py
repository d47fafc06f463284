"""A workspace with somebody in it, and documents of each kind."""

import json

import pytest
from django.test import Client

from flowbuilder.accounts.models import ApiKey, Asker, Membership, Role, User, Workspace
from flowbuilder.apis.importing import confined

OPENAPI = """
openapi: 3.0.3
info: {title: Deliveries, version: "1.2"}
servers: [{url: "https://api.example.com/v1"}]
paths:
  /parcels:
    get:
      operationId: listParcels
      summary: Parcels on their way
      tags: [parcels]
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 50}}
      responses:
        200:
          description: They
          content: {application/json: {schema: {type: array, minItems: 1, items: {$ref: "#/components/schemas/Parcel"}}}}
    post:
      operationId: createParcel
      summary: Register a parcel
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/Parcel"}}}
      responses:
        "201": {description: Made, content: {application/json: {schema: {$ref: "#/components/schemas/Parcel"}}}}
  /parcels/{parcel_id}:
    parameters: [{name: parcel_id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getParcel
      summary: One parcel
      responses:
        "200": {description: It, content: {application/json: {schema: {$ref: "#/components/schemas/Parcel"}}}}
        "404": {description: None, content: {application/json: {schema: {$ref: "#/components/schemas/Failure"}}}}
    delete:
      summary: Forget a parcel
      responses: {"204": {description: Gone}}
  /couriers/{courier_id}:
    get:
      summary: 查询快递员
      parameters: [{name: courier_id, in: path, required: true, schema: {type: string}}]
      responses:
        default: {description: It, content: {application/json: {schema: {type: object}}}}
components:
  schemas:
    Failure: {type: object, required: [error], properties: {error: {type: string}}}
    Parcel:
      type: object
      additionalProperties: false
      required: [parcel_id, status, weight_kg]
      properties:
        parcel_id: {type: string, pattern: "^PX-[0-9]{5}$"}
        status: {type: string, enum: [created, delivered]}
        weight_kg: {type: number, minimum: 0, exclusiveMinimum: true, maximum: 31.5, nullable: true}
        secret: {type: string, writeOnly: true}
        registered_on: {type: string, format: date, readOnly: true}
        inside: {type: array, items: {$ref: "#/components/schemas/Parcel"}}
"""
SWAGGER = {
    "swagger": "2.0",
    "info": {"title": "Old deliveries", "version": "1"},
    "basePath": "/api",
    "produces": ["application/json"],
    "paths": {
        "/parcels/{id}": {
            "get": {
                "parameters": [{"name": "id", "in": "path", "required": True, "type": "integer"}],
                "responses": {"200": {"description": "It", "schema": {"$ref": "#/definitions/Parcel"}}},
            },
            "put": {
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "type": "integer"},
                    {"$ref": "#/parameters/Body"},
                ],
                "responses": {"204": {"description": "Done"}},
            },
        }
    },
    "parameters": {"Body": {"name": "body", "in": "body", "schema": {"$ref": "#/definitions/Parcel"}}},
    "definitions": {
        "Parcel": {
            "type": "object",
            "required": ["id"],
            "properties": {"id": {"type": "integer"}, "note": {"type": "string", "x-nullable": True}},
        }
    },
}
POSTMAN = {
    "info": {
        "name": "Deliveries",
        "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
    },
    "item": [
        {
            "name": "parcels",
            "item": [
                {
                    "name": "One parcel",
                    "request": {
                        "method": "GET",
                        "url": {"raw": "{{host}}/parcels/:id", "path": ["parcels", ":id"]},
                    },
                    "response": [
                        {"code": 200, "body": '{"id": "PX-10422", "kg": 2.5, "tags": ["a"]}'},
                        {"code": 200, "body": '{"id": "PX-10423", "kg": 3, "tags": [], "note": null}'},
                        {"code": 404, "body": '{"error": "none"}'},
                    ],
                },
                {
                    "name": "New parcel",
                    "request": {
                        "method": "POST",
                        "url": "{{host}}/parcels?dry=true",
                        "body": {"mode": "raw", "raw": '{"kg": {{weight}}, "at": "2026-01-02T03:04:05Z"}'},
                    },
                    "response": [],
                },
            ],
        }
    ],
}


@pytest.fixture
def in_this_process(monkeypatch):
    """The child process costs a second; what it does is the same here. Its own test (importing) starts it."""

    def understood(text, example=""):
        return json.loads(json.dumps(confined.read(text, example)))

    monkeypatch.setattr("flowbuilder.apis.services.understood", understood)


@pytest.fixture
def workspace(db):
    return Workspace.objects.create(name="Depot")


@pytest.fixture
def owner(workspace):
    user = User.objects.create_user("owner@example.test", "correct horse battery")
    Membership.objects.create(user=user, workspace=workspace, role=Role.OWNER)
    return user


@pytest.fixture
def asker(owner, workspace):
    return Asker(user=owner, workspace=workspace, role=Role.OWNER)


@pytest.fixture
def http(owner, workspace):
    """Calls with an API key."""
    _, secret = ApiKey.issue(workspace, owner, "tests")
    return Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def person(owner):
    client = Client()
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
