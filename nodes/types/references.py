"""Settings that the inspector shows as something other than a line of text, and those that point at something."""

from typing import Annotated

from pydantic import Field

# A setting's type picks its widget in the inspector: the JSON schema carries ``x-widget``.
LongText = Annotated[str, Field(json_schema_extra={"x-widget": "long-text"})]
PromptText = Annotated[str, Field(json_schema_extra={"x-widget": "long-text", "x-prompt": True})]
"""Long text that instructs a model: the editor offers to improve it."""
KnowledgeRef = Annotated[str, Field(json_schema_extra={"x-widget": "knowledge"})]
ModelRef = Annotated[str, Field(json_schema_extra={"x-widget": "model"})]
OperationRef = Annotated[str, Field(json_schema_extra={"x-widget": "operation"})]
"""An operation of an imported API description: ``Deliveries: GET /parcels/{id}``."""
SecretRef = Annotated[str, Field(json_schema_extra={"x-widget": "secret"})]
"""The name of a secret of the workspace. Its value is put in where a request leaves, and never comes to a node."""
FlowRef = Annotated[str, Field(json_schema_extra={"x-widget": "flow"})]
"""Another flow of the workspace: its name, slug or id."""
Needed = Field(json_schema_extra={"x-needed": True})
"""Beside such a reference: the node cannot work before something is chosen."""
DatasetRef = Annotated[str, Field(json_schema_extra={"x-widget": "dataset"})]
JsonSchema = Annotated[str, Field(json_schema_extra={"x-widget": "json-schema"})]
"""A JSON Schema as text; empty means none."""
