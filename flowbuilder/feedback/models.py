"""What people think of answers: ratings, and comparisons whose sides they do not know."""

from __future__ import annotations

import itertools
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.models import Asker, WorkspaceOwned, WorkspaceOwnedQuerySet
from flowbuilder.engine.graph import LONGEST_PATH
from flowbuilder.flows.models import Flow
from flowbuilder.runs.models import Run


class Kind(models.TextChoices):
    THUMBS = "thumbs", _("Thumbs")
    CORRECTION = "correction", _("Correction")
    PAIR = "pair", _("Pair")
    RANKING = "ranking", _("Ranking")
    DEMONSTRATION = "demonstration", _("Demonstration")
    SKIP = "skip", _("Skip")


class Reason(models.TextChoices):
    """Why an answer is bad."""

    WRONG = "wrong", _("Wrong")
    MADE_UP = "made_up", _("Made up")
    OFF_TOPIC = "off_topic", _("Not what was asked")
    FORM = "form", _("Bad form")
    UNSAFE = "unsafe", _("Unsafe")
    OTHER = "other", _("Something else")


class Comparison(WorkspaceOwned):
    """Two runs of one question. Which is left and which is right is drawn once, and told after the verdict."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="comparisons")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    node_id = models.CharField(max_length=LONGEST_PATH, blank=True)
    """Whose answers are compared; empty: the flow's reply."""
    left = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="left_of")
    right = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="right_of")

    def __str__(self) -> str:
        return f"Comparison in {self.flow}"


class RatingQuerySet(WorkspaceOwnedQuerySet):
    def told(self) -> RatingQuerySet:
        """Those that say something: a skip does not."""
        return self.exclude(kind=Kind.SKIP)

    def with_gold(self) -> RatingQuerySet:
        """Each with ``is_gold``: whether its answer is a gold item."""
        items = Gold.objects.filter(run=models.OuterRef("run"), node_id=models.OuterRef("node_id"))
        return self.annotate(is_gold=models.Exists(items))

    def by_proven(self, least: float | None) -> RatingQuerySet:
        """Without those by people who got a smaller share of gold items right. Who has seen none stays in, and so
        does what was imported, which is not the importer's own word."""
        if least is None:
            return self
        right = models.Q(up=models.F("gold__up"))
        answered = GoldAnswer.objects.exclude(up=None).order_by().values("person", "gold__workspace")
        shares = answered.annotate(share=models.Avg(models.Case(models.When(right, then=1.0), default=0.0)))
        unsure = shares.filter(share__lt=least, person=models.OuterRef("person"))
        unsure = unsure.filter(gold__workspace=models.OuterRef("workspace"))
        return self.exclude(models.Q(imported=None) & models.Exists(unsure))

    def matching(self, *, flow: Any = None, kind: str = "", person: Any = None) -> RatingQuerySet:
        wanted = {"flow_id": flow, "kind": kind, "person_id": person}
        return self.filter(**{name: value for name, value in wanted.items() if value})


class Rating(WorkspaceOwned):
    """What one person thinks of one answer.

    Prompt, answer and model are as they were in the run; a run that goes later takes nothing of this with it.
    """

    flow = models.ForeignKey(Flow, null=True, on_delete=models.CASCADE, related_name="ratings")
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="ratings")
    node_id = models.CharField(max_length=LONGEST_PATH, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="ratings"
    )
    comparison = models.ForeignKey(Comparison, null=True, on_delete=models.CASCADE, related_name="ratings")
    kind = models.CharField(max_length=13, choices=Kind.choices)
    prompt = models.TextField()
    answer = models.TextField(blank=True)
    """The answer that was rated; of a pair the better one, of a ranking the best."""
    model = models.CharField(max_length=120, blank=True)
    """The version that wrote it, for example ``starter@1``; empty where no model did."""
    up = models.BooleanField(null=True)
    """Thumbs only."""
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    comment = models.TextField(blank=True)
    correction = models.TextField(blank=True)
    """What should have been answered."""
    others: ClassVar[Any] = models.JSONField(default=list)
    """The other answers, better ones first: ``[{"answer", "model", "run"}]``."""
    tie = models.BooleanField(default=False)
    """A pair of which neither is better."""
    imported = models.CharField(max_length=64, null=True)
    """Digest of the line that it came from."""

    objects = RatingQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "run", "node_id"],
                condition=models.Q(comparison=None, run__isnull=False),
                name="one_rating_an_answer_and_person",
            ),
            models.UniqueConstraint(fields=["person", "comparison"], name="one_verdict_a_person"),
            models.UniqueConstraint(fields=["workspace", "imported"], name="one_rating_a_line"),
        ]
        indexes = [models.Index(fields=["workspace", "kind"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.person}"

    def may_be_withdrawn_by(self, asker: Asker) -> bool:
        """By whom it is from; anybody's by an editor."""
        return asker.can_edit or (asker.can_run and self.person_id == asker.user.pk)

    @property
    def verdict(self) -> bool | None:
        """Whether the rated answer is good; None where this does not say."""
        return False if self.kind == Kind.CORRECTION else self.up

    def demonstrations(self) -> list[str]:
        """Answers as they should be."""
        if self.kind == Kind.CORRECTION:
            return [self.correction]
        return [self.answer] if self.kind == Kind.DEMONSTRATION or self.up else []

    def labels(self) -> list[tuple[str, bool]]:
        """Answers with whether they are good."""
        if self.kind == Kind.CORRECTION:
            return [(self.answer, False), (self.correction, True)]
        return [] if self.up is None else [(self.answer, self.up)]

    def pairs(self) -> list[tuple[str, str]]:
        """Better and worse answer; none where two say the same."""
        if self.kind == Kind.CORRECTION:
            found = [(self.correction, self.answer)]
        elif self.kind in {Kind.PAIR, Kind.RANKING} and not self.tie:
            found = list(itertools.combinations([self.answer, *(o["answer"] for o in self.others)], 2))
        else:
            found = []
        return [(better, worse) for better, worse in found if better != worse]


class Gold(WorkspaceOwned):
    """An answer whose verdict is known: the review queue mixes it in, and it tells how sure a rater is.

    What raters say of it stands in ``GoldAnswer`` and not among the ratings, so that nothing is trained on it.
    """

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="gold")
    """In whose queue it is shown, under its name."""
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="gold")
    """Where it was answered; None where somebody wrote it."""
    node_id = models.CharField(max_length=LONGEST_PATH, blank=True)
    prompt = models.TextField()
    answer = models.TextField()
    up = models.BooleanField()
    """Whether the answer is good."""
    why = models.TextField(blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["run", "node_id"], name="one_gold_an_answer")]

    def __str__(self) -> str:
        return self.answer[:60]


class GoldAnswer(models.Model):
    """What one person said of one gold item; their first word stands."""

    gold = models.ForeignKey(Gold, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="gold_answers"
    )
    up = models.BooleanField(null=True)
    """None where they skipped it, which counts neither way."""
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gold", "person"], name="one_answer_a_gold_item")]


class GoldPolicy(WorkspaceOwned):
    """How often a gold item comes in a workspace's review queue."""

    every = models.PositiveSmallIntegerField(default=10)
    """One in so many, on average; 0 is never."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace"], name="one_policy_a_workspace")]


class ForReview(WorkspaceOwned):
    """Somebody wants an answer looked at: it comes first in everybody's review queue."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="+")
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="for_review")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.run_id} by {self.person}"
