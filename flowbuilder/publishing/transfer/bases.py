"""A knowledge base moves: its documents, passages and answers, and what only they explain.

Files lie under the documents' ids and an index under the base's, in a folder or in pgvector's tables, so that all of
these stay where they are and belong to the other workspace with their row.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from flowbuilder.accounts.models import Workspace
from flowbuilder.flows.bounds import Pointer
from flowbuilder.knowledge.models import PENDING, Document, KnowledgeBase, Reembedding
from flowbuilder.publishing.transfer.naming import free_name
from flowbuilder.publishing.transfer.uses import flows_that_name
from flowbuilder.testcases.models import TESTED, ExpectedPassage, TestCase, TestResult, TestRun, TestSet


def reasons(base: KnowledgeBase) -> list[str]:
    """Why it cannot go now, a sentence each."""
    found = [
        _("The flow “%(flow)s” asks it. Let it ask another base, or move the flow first.") % {"flow": flow}
        for flow in flows_that_name(base.workspace, lambda pointer: _is(base, pointer))
    ]
    if base.documents.filter(status__in=PENDING).exists():
        found.append(_("Documents of it are being read. Wait for their end."))
    if Reembedding.objects.filter(base=base).exists():
        found.append(_("It changes over to another embedder. Wait for its end."))
    if TestRun.objects.filter(set__base=base).exclude(status__in=TESTED).exists():
        found.append(_("A test of it goes on. Wait for its end, or cancel it."))
    return found


def carry(base: KnowledgeBase, target: Workspace) -> None:
    """In the caller's transaction."""
    _carry_tests(base, target)
    Document.objects.filter(base=base).update(workspace=target)
    base.name = free_name(KnowledgeBase.objects.filter(workspace=target), base.name, " ")
    base.workspace = target
    base.save(update_fields=["name", "workspace"])


def _carry_tests(base: KnowledgeBase, target: Workspace) -> None:
    """Sets that ask the base alone; what asks a flow too stays with the flow, and asks this base no more."""
    for one in TestSet.objects.filter(base=base, flow=None):
        cases = TestCase.objects.filter(set=one)
        cases.update(run=None)  # an answer that was corrected is the other workspace's
        TestResult.objects.filter(test_run__set=one).update(run=None)
        ExpectedPassage.objects.filter(case__in=cases).exclude(document__base=base).update(document=None)
        TestRun.objects.filter(set=one).update(workspace=target)
        one.name = free_name(TestSet.objects.filter(workspace=target), one.name, " ")
        one.workspace = target
        one.save(update_fields=["name", "workspace"])
    stay = TestSet.objects.filter(base=base, workspace=base.workspace)
    ExpectedPassage.objects.filter(case__set__workspace=base.workspace, document__base=base).update(
        document=None
    )
    stay.update(base=None)


def _is(base: KnowledgeBase, pointer: Pointer) -> bool:
    kind, ref = pointer
    return kind == "knowledge" and ref in {str(base.pk), base.name}
