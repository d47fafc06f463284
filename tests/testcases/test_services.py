"""Sets and their cases."""

import pytest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.testcases import services
from flowbuilder.testcases.models import TestSet
from flowbuilder.testcases.services import expected_of

pytestmark = pytest.mark.django_db


def test_a_case_keeps_where_its_passage_stands(test_set, document, asker):
    case = services.add_case(
        test_set=test_set,
        question="  What does a depot need? ",
        expected=expected_of(document.passages.filter(ordinal=1)),
        asker=asker,
    )
    (expected,) = case.expected.all()
    passage = document.passages.get(ordinal=1)
    assert case.question == "What does a depot need?" and case.person == asker.user
    assert (expected.document, expected.source) == (document, "protocol.md")
    assert (expected.start, expected.end, expected.quote) == (passage.start, passage.end, passage.text)


def test_the_same_question_again_replaces_what_was_expected(test_set, document):
    services.add_case(test_set=test_set, question="depot?", expected=expected_of(document.passages.all()))
    case = services.add_case(test_set=test_set, question="depot?", expected_answer="two fields")
    assert test_set.cases.count() == 1 and case.expected_answer == "two fields"
    assert not case.expected.exists()


def test_a_change_without_passages_leaves_them(test_set, document):
    case = services.add_case(
        test_set=test_set, question="depot?", expected=expected_of(document.passages.all())
    )
    services.change_case(case=case, question="which fields has a depot?")
    assert case.expected.count() == 2
    services.change_case(case=case, question="q", expected_answer="a", expected=[])
    assert not case.expected.exists()


@pytest.mark.parametrize("question, answer, said", [("", "a", "needs a question"), ("q", " ", "hold to")])
def test_a_case_that_expects_nothing_is_refused(test_set, question, answer, said):
    with pytest.raises(ApiError, match=said):
        services.add_case(test_set=test_set, question=question, expected_answer=answer)


def test_a_full_set_is_told(test_set, monkeypatch):
    monkeypatch.setattr(services, "MOST_CASES", 1)
    services.add_case(test_set=test_set, question="one", expected_answer="1")
    services.add_case(test_set=test_set, question="one", expected_answer="uno")
    with pytest.raises(ApiError, match="at most 1 cases"):
        services.add_case(test_set=test_set, question="two", expected_answer="2")


def test_a_set_is_for_something_and_has_its_own_name(asker, base, test_set):
    with pytest.raises(ApiError, match="at least one"):
        services.create_set(asker=asker, name="nothing")
    with pytest.raises(ApiError, match="already is"):
        services.create_set(asker=asker, name="records", base=base)


def test_the_set_of_a_base_is_made_once(asker, base):
    TestSet.objects.create(workspace=asker.workspace, name="protocol", base=None)
    made = services.set_of(asker=asker, base=base)
    assert made.name == "protocol 2" and services.set_of(asker=asker, base=base) == made


def test_a_case_outlives_the_document(test_set, document):
    case = services.add_case(
        test_set=test_set, question="depot?", expected=expected_of(document.passages.all())
    )
    document.delete()
    assert [one.source for one in case.expected.all()] == ["protocol.md"] * 2
    assert {one.document for one in case.expected.all()} == {None}
