"""What people answered themselves is kept in one document of the base."""

import pytest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import AuditEvent
from flowbuilder.knowledge.answers import keep
from flowbuilder.knowledge.models import IndexChange, KnowledgeBase, Origin

pytestmark = pytest.mark.django_db


@pytest.fixture
def base(workspace) -> KnowledgeBase:
    return KnowledgeBase.objects.create(workspace=workspace, name="protocol")


def test_questions_share_one_document_and_the_indexes_hear_of_each(base, asker):
    first = keep(base, " What does a parcel need? ", "parcel_id, weight_kg", asker)
    second = keep(base, "包裹需要什么？", "包裹编号", asker)
    document = base.documents.get()
    assert (document.origin, document.status) == (Origin.ANSWERS, "ready")
    assert [passage.ordinal for passage in (first, second)] == [0, 1]
    assert first.question == "What does a parcel need?" and "parcel" in first.words and "包裹" in second.words
    assert list(IndexChange.objects.values_list("passage_id", flat=True)) == [first.pk, second.pk]
    assert AuditEvent.objects.filter(action="answer.kept").count() == 2


def test_the_same_question_again_has_the_new_answer(base, asker):
    first = keep(base, "What?", "old", asker)
    type(first).objects.filter(pk=first.pk).update(vector=b"xx", enabled=False)
    again = keep(base, "What?", "new", asker)
    assert again.pk == first.pk and (again.text, again.vector, again.enabled) == ("new", None, True)
    assert base.passages.count() == 1


@pytest.mark.parametrize("question, answer", [("", "a"), ("q", "  "), ("q" * 20_000, "a")])
def test_nothing_and_too_much_are_refused(base, asker, question, answer):
    with pytest.raises(ApiError):
        keep(base, question, answer, asker)
    assert not base.documents.exists()
