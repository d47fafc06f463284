"""Descriptions of APIs that people imported, their operations, and what each import changed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from flowbuilder.accounts.models import WorkspaceOwned, WorkspaceOwnedQuerySet
from nodes import base


class ApiDescriptionQuerySet(WorkspaceOwnedQuerySet):
    def with_counts(self) -> ApiDescriptionQuerySet:
        return self.annotate(total=models.Count("operations")).defer("document").order_by("name")


class ApiDescription(WorkspaceOwned):
    name = models.CharField(max_length=100)
    """What a setting names it by; the title to begin with."""
    title = models.CharField(max_length=200, blank=True)
    version = models.CharField(max_length=50, blank=True)
    """The document's own."""
    source = models.CharField(max_length=20)
    """What it was imported from: ``OpenAPI 3.1``, ``Swagger 2.0``, ``Postman``, ``curl``."""
    description = models.TextField(blank=True)
    document: ClassVar[Any] = models.JSONField()
    """As OpenAPI 3, whatever it came as."""
    revision = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ApiDescriptionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="one_api_a_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def server(self) -> str:
        """The address of its first server, with what its variables are by default."""
        servers = self.document.get("servers") or [{}]
        first = servers[0] if isinstance(servers[0], dict) else {}
        address = str(first.get("url", ""))
        for name, told in (first.get("variables") or {}).items():
            address = address.replace(f"{{{name}}}", str(told.get("default", "")))
        return address

    @property
    def base_path(self) -> str:
        """The path of its first server, below which its own paths stand: ``/v1``."""
        servers = self.document.get("servers") or [{}]
        address = str(servers[0].get("url", "")) if isinstance(servers[0], dict) else ""
        path = address.partition("://")[2].partition("/")[2] if "://" in address else address
        return "/" + path.strip("/") if path.strip("/") and "{" not in path else ""


class Revision(WorkspaceOwned):
    """One import of a description, and how it differs from the one before."""

    description = models.ForeignKey(ApiDescription, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    version = models.CharField(max_length=50, blank=True)
    source = models.CharField(max_length=20)
    differences: ClassVar[Any] = models.JSONField(default=list)
    """Sentences; none for the first."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["description", "number"], name="one_revision_a_number")
        ]
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.description} revision {self.number}"


class OperationQuerySet(WorkspaceOwnedQuerySet):
    def light(self) -> OperationQuerySet:
        """Without their schemas, for lists."""
        return (
            self.defer("request", "responses", "parameters")
            .select_related("description")
            .defer("description__document")
        )

    def matching(self, words: str) -> OperationQuerySet:
        """Those in whose path, name or summary every word stands."""
        found = self
        for word in words.split():
            either = models.Q()
            for field in ("path", "method", "operation_id", "summary", "tags"):
                either |= models.Q(**{f"{field}__icontains": word})
            found = found.filter(either)
        return found


class Operation(WorkspaceOwned):
    """One method of one path. Its row stays when the description is imported again, as long as both do."""

    description = models.ForeignKey(ApiDescription, on_delete=models.CASCADE, related_name="operations")
    position = models.PositiveIntegerField(default=0)
    method = models.CharField(max_length=7)
    path = models.CharField(max_length=500)
    operation_id = models.CharField(max_length=200, blank=True)
    summary = models.CharField(max_length=300, blank=True)
    about = models.TextField(blank=True)
    tags: ClassVar[Any] = models.JSONField(default=list)
    parameters: ClassVar[Any] = models.JSONField(default=list)
    """``[{name, in, required, description, schema}]``."""
    request: ClassVar[Any] = models.JSONField(null=True)
    """The body's schema, which stands for itself; null where it takes none."""
    request_type = models.CharField(max_length=100, blank=True)
    request_required = models.BooleanField(default=False)
    responses: ClassVar[Any] = models.JSONField(default=dict)
    """Status -> ``{description, schema}``; the schema is null where there is no body."""

    objects = OperationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["description", "method", "path"], name="one_operation_a_method_and_path"
            )
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def ref(self) -> str:
        """What a setting holds."""
        return f"{self.description.name}: {self.method} {self.path}"

    def as_node_s(self) -> base.Operation:
        schemas = {
            status: told["schema"] for status, told in self.responses.items() if told["schema"] is not None
        }
        return base.Operation(
            ref=self.ref,
            summary=self.summary,
            request=self.request,
            responses=schemas,
            method=self.method,
            path=self.path,
            parameters=tuple(self.parameters),
            request_type=self.request_type,
            request_required=self.request_required,
            server=self.description.server,
        )
