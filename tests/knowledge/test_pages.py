"""The pages of knowledge: each asker gets the right answer; a bad file is named and costs the others nothing."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from flowbuilder.accounts.models import Membership, Role, User
from flowbuilder.knowledge import services, views
from flowbuilder.knowledge.models import Document, DocumentStatus, KnowledgeBase, Passage

pytestmark = pytest.mark.django_db
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def viewer(workspace):
    user = User.objects.create_user("viewer@example.test", "correct horse battery")
    Membership.objects.create(user=user, workspace=workspace, role=Role.VIEWER)
    return user


@pytest.fixture
def base(asker):
    return services.create_base(asker=asker, name="Protocol")


@pytest.fixture
def document(base):
    return services.add_document(base=base, name="parcel.md", data=b"# Parcel")


@pytest.fixture
def as_user(api_client, request):
    """``as_user("viewer")`` is that fixture's client, ``as_user(None)`` nobody's."""
    return lambda who: api_client(request.getfixturevalue(who) if who else None)


def fail(document, reason="It is damaged."):
    Document.objects.filter(pk=document.pk).update(status=DocumentStatus.FAILED, error=reason)


def index(document, *texts):
    Document.objects.filter(pk=document.pk).update(status=DocumentStatus.READY)
    rows = [
        Passage(
            base=document.base,
            document=document,
            ordinal=ordinal,
            heading="Parcel › Fields",
            text=text,
            vector=b"",
        )
        for ordinal, text in enumerate(texts)
    ]
    return Passage.objects.bulk_create(rows)


def upload(client, base, *files, **headers):
    found = [SimpleUploadedFile(name, data) for name, data in files]
    return client.post(f"/knowledge/{base.pk}/documents/", {"files": found}, headers=headers)


READERS = [("owner", 200), ("teammate", 200), ("viewer", 200), ("stranger", 404), (None, 302)]
WRITERS = [("owner", 302), ("teammate", 302), ("viewer", 403), ("stranger", 404), (None, 302)]


@pytest.mark.parametrize(("who", "status"), READERS)
def test_who_reads(as_user, base, document, who, status):
    client = as_user(who)
    pages = [
        f"/knowledge/{base.pk}/",
        f"/knowledge/{base.pk}/search/",
        f"/knowledge/documents/{document.pk}/",
    ]
    assert [client.get(page).status_code for page in pages] == [status] * 3


@pytest.mark.parametrize(("who", "seen"), [("owner", True), ("viewer", True), ("stranger", False)])
def test_who_sees_a_base_in_the_list(as_user, base, who, seen):
    page = as_user(who).get("/knowledge/")
    assert page.status_code == 200 and (base.name in page.content.decode()) == seen


@pytest.mark.parametrize(("who", "status"), WRITERS)
def test_who_retries_and_deletes(as_user, base, document, who, status):
    fail(document)
    client = as_user(who)
    nouns = [f"documents/{document.pk}/indexing", f"documents/{document.pk}/deletion", f"{base.pk}/deletion"]
    assert [client.post(f"/knowledge/{noun}/").status_code for noun in nouns] == [status] * 3
    assert KnowledgeBase.objects.exists() == (who not in {"owner", "teammate"})


@pytest.mark.parametrize(("who", "status"), [*WRITERS[1:], ("owner", 200)])
def test_who_uploads(as_user, base, who, status):
    answer = upload(as_user(who), base, ("a.txt", b"hello"))
    assert answer.status_code == (200 if who == "teammate" else status)
    assert base.documents.exists() == (who in {"owner", "teammate"})


@pytest.mark.parametrize(("who", "made"), [("teammate", 1), ("viewer", 0), (None, 0)])
def test_who_creates(as_user, who, made):
    as_user(who).post("/knowledge/", {"name": "Parcels"})
    assert KnowledgeBase.objects.count() == made


def test_a_viewer_is_told_why_and_offered_nothing_to_press(as_user, base, document):
    client = as_user("viewer")
    refused = client.post("/knowledge/", {"name": "Mine"})
    assert refused.status_code == 403 and "ask an editor of the workspace" in refused.content.decode()
    fragment = upload(client, base, ("a.txt", b"hello"), **PARTIAL)
    assert fragment.status_code == 403 and "<html" not in fragment.content.decode()
    page = client.get(f"/knowledge/{base.pk}/").content.decode()
    assert "Delete" not in page and "Upload files" not in page and "Ask" in page


@pytest.mark.parametrize(
    ("name", "problem"), [("Protocol", "already is a knowledge base"), (" ", "required")]
)
def test_a_base_that_cannot_be_made_says_why(as_user, base, name, problem):
    answer = as_user("owner").post("/knowledge/", {"name": name})
    assert answer.status_code == 422 and problem in answer.content.decode()


def test_every_bad_file_is_named_and_the_good_one_is_kept(as_user, base):
    files = ("good.txt", b"good"), ("bad.bin", b"\x00\xff\x00"), ("empty.md", b" ")
    answer = upload(as_user("owner"), base, *files, **PARTIAL)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "bad.bin" in text and "it is binary" in text and "empty.md" in text and "it is empty" in text
    assert [document.name for document in base.documents.all()] == ["good.txt"]


def test_bases_stand_by_name_and_documents_by_age(as_user, asker, base):
    for name in ("Zebra", "Apple"):
        services.create_base(asker=asker, name=name)
        services.add_document(base=base, name=f"{name}.md", data=name.encode())
    client = as_user("owner")
    bases = client.get("/knowledge/").context["bases"]
    documents = client.get(f"/knowledge/{base.pk}/").context["documents"]
    assert [found.name for found in bases] == ["Apple", "Protocol", "Zebra"]
    assert [found.name for found in documents] == ["Zebra.md", "Apple.md"]


def test_a_file_that_is_too_large_is_not_read(as_user, base, monkeypatch):
    monkeypatch.setattr("flowbuilder.knowledge.formats.MAX_BYTES", 3)
    assert "large.txt" in upload(as_user("owner"), base, ("large.txt", b"four")).content.decode()
    assert not base.documents.exists()


def test_an_upload_without_files_says_so(as_user, base):
    answer = upload(as_user("owner"), base)
    assert answer.status_code == 422 and "No file came" in answer.content.decode()


def test_the_same_file_again_is_said_to_be_here(as_user, base, document):
    answer = upload(as_user("owner"), base, ("copy.md", b"# Parcel"))
    assert (
        answer.status_code == 200 and "is here already, as &#x27;parcel.md&#x27;" in answer.content.decode()
    )


def test_the_fragment_is_asked_for_again_only_while_something_is_pending(as_user, base, document):
    client = as_user("owner")
    pending = client.get(f"/knowledge/{base.pk}/", headers=PARTIAL).content.decode()
    assert "every 1s" in pending and "<html" not in pending
    index(document, "Words")
    assert "every 1s" not in client.get(f"/knowledge/{base.pk}/", headers=PARTIAL).content.decode()


def test_a_failure_shows_its_reason_and_can_be_retried(as_user, base, document):
    fail(document, "The pdf file is damaged.")
    client = as_user("owner")
    page = client.get(f"/knowledge/{base.pk}/").content.decode()
    assert "The pdf file is damaged." in page and "Retry" in page
    client.post(f"/knowledge/documents/{document.pk}/indexing/", headers=PARTIAL)
    assert base.documents.get().status == DocumentStatus.QUEUED


def test_only_a_failure_is_retried(as_user, document):
    Document.objects.filter(pk=document.pk).update(status=DocumentStatus.INDEXING)
    as_user("owner").post(f"/knowledge/documents/{document.pk}/indexing/")
    document.refresh_from_db()
    assert document.status == DocumentStatus.INDEXING


def test_passages_come_in_pages_and_a_link_opens_the_right_one(as_user, document):
    found = index(document, *(f"passage number {n}" for n in range(views.PASSAGES_A_PAGE + 1)))
    client, url = as_user("viewer"), f"/knowledge/documents/{document.pk}/"
    first = client.get(url).content.decode()
    assert "Page 1 of 2" in first and "Parcel › Fields" in first and found[-1].text not in first
    for query in ("page=2", f"passage={found[-1].pk}"):
        assert found[-1].text in client.get(f"{url}?{query}", headers=PARTIAL).content.decode()


@pytest.mark.parametrize("query", ["page=nonsense", "page=99", "passage=nonsense", f"passage={10**9}"])
def test_a_page_that_is_not_there_is_no_error(as_user, document, query):
    index(document, "Words")
    assert as_user("owner").get(f"/knowledge/documents/{document.pk}/?{query}").status_code == 200


@pytest.mark.parametrize("headers", [{}, PARTIAL])
def test_hits_come_with_source_scores_and_latency(as_user, base, document, monkeypatch, headers):
    hit = {"text": "A parcel needs an id.", "source": document.name, "heading": "Parcel", "score": 1.0}
    ids = {"passage_id": "1", "document_id": str(document.pk), "parts": {"dense": 0.5, "keyword": 2.25}}

    async def ask(bases, question, looking):
        return {"hits": [hit | ids], "why_not_meaning": {}}

    monkeypatch.setattr(views, "ask", ask)
    page = as_user("viewer").get(f"/knowledge/{base.pk}/search/?q=What", headers=headers).content.decode()
    shown = ["A parcel needs an id.", "parcel.md", "1.00", "Meaning 0.50", "Keywords 2.25", " ms"]
    assert [text for text in shown if text not in page] == []
    assert ("<html" in page) == (not headers)


def test_deleting_a_document_leaves_no_bytes(
    as_user, base, document, settings, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        as_user("owner").post(f"/knowledge/documents/{document.pk}/deletion/")
    assert not base.documents.exists() and not (settings.HOME_DIR / "files" / str(document.pk)).exists()


def test_deleting_a_base_leads_to_the_list_which_says_so(as_user, base):
    client = as_user("owner")
    answer = client.post(f"/knowledge/{base.pk}/deletion/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/knowledge/"
    assert "are deleted" in client.get("/knowledge/").content.decode()


def test_what_never_was_is_not_found(as_user):
    assert as_user("owner").get(f"/knowledge/{uuid.uuid4()}/").status_code == 404
