"""Knowledge, descriptions of APIs, test sets and remembered values."""

from typing import Any

from flowbuilder.accounts.models import Workspace
from flowbuilder.apis.models import ApiDescription, Operation
from flowbuilder.knowledge.models import Document, DocumentStatus, KnowledgeBase, Passage
from flowbuilder.knowledge.storage import write_text
from flowbuilder.testcases.models import TestCase, TestRun, TestSet
from flowbuilder.variables.models import Scope, Variable
from tests.safety.world.named import SECRET


def make_remembered(workspace: Workspace) -> dict[str, Any]:
    found = Variable.objects.create(workspace=workspace, scope=Scope.WORKSPACE, name="limit", value=SECRET)
    return {"variable_id": found.pk, "variable": found.name}


def make_knowledge(workspace: Workspace) -> dict[str, Any]:
    base = KnowledgeBase.objects.create(workspace=workspace, name=f"Protocol {SECRET}")
    document = Document.objects.create(
        workspace=workspace, base=base, name=f"{SECRET}.md", format="md", size=1, status=DocumentStatus.FAILED
    )
    write_text(document, f"# {SECRET}\n\nA parcel.")
    passage = Passage.objects.create(base=base, document=document, ordinal=0, text=SECRET, start=0, end=9)
    return {"base_id": base.pk, "document_id": document.pk, "passage_id": passage.pk}


def make_apis(workspace: Workspace) -> dict[str, Any]:
    """One whose mock server answers every method of one path."""
    description = ApiDescription.objects.create(
        workspace=workspace, name=f"Deliveries {SECRET}", source="OpenAPI 3.1", document={"openapi": "3.1.0"}
    )
    answer = {"200": {"description": SECRET, "schema": {"const": SECRET}}}
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        operation = Operation.objects.create(
            workspace=workspace, description=description, method=method, path="/parcels", responses=answer
        )
    return {"description_id": description.pk, "operation_id": operation.pk, "path": "parcels"}


def make_tests(workspace: Workspace) -> dict[str, Any]:
    """A test set of the base with a case, and a run of it."""
    base = KnowledgeBase.objects.get(workspace=workspace)
    test_set = TestSet.objects.create(workspace=workspace, name=f"set {SECRET}", base=base)
    case = TestCase.objects.create(set=test_set, question=f"Where is the {SECRET}?", expected_answer="Here.")
    test_run = TestRun.objects.create(workspace=workspace, set=test_set, note=SECRET)
    return {"set_id": test_set.pk, "case_id": case.pk, "test_run_id": test_run.pk}
