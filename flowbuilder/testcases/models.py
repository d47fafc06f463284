"""Questions with what should be found and answered, and what each run over them gave."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.models import WorkspaceOwned
from flowbuilder.flows.models import Flow
from flowbuilder.knowledge.models import Document, KnowledgeBase
from flowbuilder.runs.models import Run


class TestSet(WorkspaceOwned):
    """Cases for a base (what is found), a flow (what is answered), or both."""

    __test__ = False  # for pytest: no test by itself

    name = models.CharField(max_length=100)
    base = models.ForeignKey(
        KnowledgeBase, null=True, blank=True, on_delete=models.SET_NULL, related_name="test_sets"
    )
    flow = models.ForeignKey(Flow, null=True, blank=True, on_delete=models.SET_NULL, related_name="test_sets")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="one_test_set_a_name")]
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.name


class Origin(models.TextChoices):
    WRITTEN = "written", _("Written")
    IMPORTED = "imported", _("Imported")
    ASKED = "asked", _("From a question asked")
    CORRECTION = "correction", _("From a correction")


class TestCase(models.Model):
    """One question. What it expects may be passages, an answer, or both."""

    __test__ = False

    set = models.ForeignKey(TestSet, on_delete=models.CASCADE, related_name="cases")
    question = models.TextField()
    expected_answer = models.TextField(blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.WRITTEN)
    run = models.ForeignKey(Run, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    """Where it was answered, of a correction."""
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.question[:80]


class ExpectedPassage(models.Model):
    """A stretch of a document that should be found.

    It is held by its place in the document's text, so that it means the same after the document was split again.
    """

    case = models.ForeignKey(TestCase, on_delete=models.CASCADE, related_name="expected")
    document = models.ForeignKey(Document, null=True, on_delete=models.SET_NULL, related_name="+")
    """None once it is deleted: then the quote alone says what was meant."""
    source = models.CharField(max_length=255, blank=True)
    """The document's name then."""
    start = models.PositiveIntegerField(null=True, blank=True)
    """With ``end`` in characters; null for an answer that people wrote, which has no place."""
    end = models.PositiveIntegerField(null=True, blank=True)
    quote = models.TextField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.quote[:80]


class TestRunStatus(models.TextChoices):
    __test__ = False

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


TESTED = (TestRunStatus.FINISHED, TestRunStatus.FAILED, TestRunStatus.CANCELLED)


class TestRun(WorkspaceOwned):
    """A set asked once: the queue of record, its measures, and what it was asked with."""

    __test__ = False

    set = models.ForeignKey(TestSet, on_delete=models.CASCADE, related_name="runs")
    note = models.CharField(max_length=200, blank=True)
    """What was changed before it, in the asker's words."""
    retrieval: ClassVar[Any] = models.JSONField(default=dict)
    """How passages were looked for: limit, mode, filters, reranker, ..."""
    answers = models.BooleanField(default=False)
    """Whether the set's flow answered each question, too."""
    status = models.CharField(max_length=10, choices=TestRunStatus.choices, default=TestRunStatus.QUEUED)
    error = models.TextField(blank=True)
    planned = models.PositiveIntegerField(default=0)
    metrics: ClassVar[Any] = models.JSONField(default=dict)
    """Name -> mean over the cases that it can be said of."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    cancel_requested = models.BooleanField(default=False)
    lives = models.PositiveIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["status", "lease_until"], name="test_runs_to_take")]

    def __str__(self) -> str:
        return f"{self.set}: {self.status}"

    @property
    def ended(self) -> bool:
        return self.status in TESTED


class TestResult(models.Model):
    """One case in one run, with the question as it was then."""

    __test__ = False

    test_run = models.ForeignKey(TestRun, on_delete=models.CASCADE, related_name="results")
    case = models.ForeignKey(TestCase, null=True, on_delete=models.SET_NULL, related_name="results")
    question = models.TextField()
    found: ClassVar[Any] = models.JSONField(default=list)
    """The hits, best first: ``{passage_id, document_id, source, heading, start, end, score, covers: [expected ids]}``."""
    missed: ClassVar[Any] = models.JSONField(default=list)
    """Expected passages that no hit covers: ``{id, source, quote}``."""
    measures: ClassVar[Any] = models.JSONField(default=dict)
    """recall@k, RR, nDCG@k of this question; ``agreement`` of its answer."""
    answer = models.TextField(blank=True)
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")
    """The flow's, where it answered."""
    error = models.TextField(blank=True)
    seconds = models.FloatField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["test_run", "case"], name="one_result_a_case")]

    def __str__(self) -> str:
        return self.question[:80]
