"""From a question to what is given, with the real embedder."""

import pytest

from flowbuilder.knowledge import answers
from flowbuilder.knowledge.models import Document, Passage
from flowbuilder.knowledge.retrieval import lsa, search
from flowbuilder.knowledge.retrieval.search import look
from nodes.knowledge.looking import Looking

pytestmark = pytest.mark.django_db


def ask(base, question, *, dense=True, **settings):
    return look([base.pk], question, Looking(**settings), dense=dense)


def test_a_hit_tells_what_each_index_said_and_which_words_matched(base, protocol):
    found = ask(base, "Which fields has a depot?", limit=2)
    first = found["hits"][0]
    assert first["heading"] == "Protocol › Depot record" and first["source"] == "protocol.md"
    assert first["parts"]["dense"] > 0.3 and first["parts"]["keyword"] > 0 and first["parts"]["lsa"] is None
    assert "depot" in first["words"] and "fields" in first["words"]
    assert (first["start"], first["end"]) == (protocol[1].start, protocol[1].end)
    assert {"embed", "meaning", "words", "fuse", "give"} <= {step["name"] for step in found["steps"]}
    assert found["why_not_meaning"] == {} and found["tokens"]["passages"] > found["tokens"]["question"] > 0


@pytest.mark.parametrize("mode, dense, keyword", [("meaning", True, False), ("keywords", False, True)])
def test_one_index_alone(base, protocol, mode, dense, keyword):
    parts = ask(base, "depot", mode=mode)["hits"][0]["parts"]
    assert (parts["dense"] is not None, parts["keyword"] is not None) == (dense, keyword)


def test_chinese_goes_by_words_and_the_latent_space_and_says_why(base, chinese, settings, tmp_path):
    settings.HOME_DIR = tmp_path
    assert lsa.fit(base.pk)
    found = ask(base, "仓库有哪些字段")
    first = found["hits"][0]
    assert first["heading"] == "协议 › 仓库"
    assert first["parts"]["dense"] is None and first["parts"]["keyword"] > 0 and first["parts"]["lsa"] > 0
    assert "question's tokens" in found["why_not_meaning"]["protocol"]


def test_a_question_that_can_be_read_about_passages_that_cannot(base, chinese):
    found = ask(base, "What does a depot record need?", mode="meaning")
    assert "cannot read" in found["why_not_meaning"]["protocol"]
    assert all(hit["parts"]["dense"] is None for hit in found["hits"])


def test_without_a_worker_words_decide(base, protocol):
    found = ask(base, "depot record", dense=False)
    assert found["hits"][0]["heading"] == "Protocol › Depot record"
    assert found["why_not_meaning"] == {"protocol": search.NO_WORKER}


def test_filters_decide_what_is_searched(base, write):
    write("en.md", ("Parcel", "A parcel in English."), metadata={"lang": "en"})
    write("de.md", ("Parcel", "A parcel in German."), metadata={"lang": "de"})
    kept = [{"field": "lang", "op": "eq", "value": "de"}]
    assert {hit["source"] for hit in ask(base, "parcel")["hits"]} == {"en.md", "de.md"}
    assert {hit["source"] for hit in ask(base, "parcel", filters=kept)["hits"]} == {"de.md"}
    assert ask(base, "parcel", filters=[{"field": "lang", "value": "fr"}])["hits"] == []


def test_what_has_little_to_do_with_the_question_is_left_out(base, protocol):
    all_of_them = ask(base, "depot_id", limit=8)["hits"]
    most = ask(base, "depot_id", limit=8, least=0.9)["hits"]
    assert [hit["heading"] for hit in most] == ["Protocol › Depot record"] and len(all_of_them) > 1


def test_the_section_that_is_named_goes_before_one_whose_name_holds_it(base, write):
    write(
        "fleet.md",
        ("Fleet › vehicle record", "A van or truck that drives for the network, with its number plate."),
        (
            "Fleet › vehicle_position record",
            "Where a vehicle was: vehicle_id, vehicle speed. Make one record a minute of each vehicle.",
        ),
        ("Fleet › depot record", "A building where parcels are sorted."),
    )
    first = ask(base, "Make a vehicle record.", limit=1)["hits"][0]
    assert first["heading"] == "Fleet › vehicle record" and first["parts"]["title"] == 1.0
    assert ask(base, "Make a vehicle position record.", limit=1)["hits"][0]["heading"].endswith(
        "position record"
    )


def test_switched_off_documents_are_not_found(base, protocol):
    Document.objects.update(enabled=False)
    assert ask(base, "depot")["hits"] == []


def test_an_answer_that_people_gave_goes_first_also_in_other_words(base, protocol, asker):
    kept = answers.keep(base, "What does a depot record need?", "depot_id and its opening hours.", asker)
    found = ask(base, "Which fields does the depot record require?")
    assert found["kept"]["score"] >= 0.5 and found["kept"]["answer"].startswith("depot_id")
    assert found["hits"][0]["passage_id"] == str(kept.pk) and found["hits"][0]["parts"]["kept"] >= 0.5
    assert found["hits"][0]["text"].startswith("What does a depot record need?\n")
    assert Passage.objects.get(pk=kept.pk).vector is not None
    other = ask(base, "What does a parcel record need?")
    assert (other["kept"] or {"score": 0})["score"] < 0.5
    assert other["hits"][0]["heading"] == "Protocol › Parcel record"


def test_a_base_without_passages_finds_nothing(base):
    assert ask(base, "depot")["hits"] == [] and ask(base, "depot")["kept"] is None


def test_a_reranker_that_is_not_there_is_told_and_changes_nothing(base, protocol):
    plain, named = ask(base, "depot"), ask(base, "depot", reranker="nowhere")
    assert [hit["passage_id"] for hit in plain["hits"]] == [hit["passage_id"] for hit in named["hits"]]
    assert "no such folder on the model shelf" in named["notes"][0]
