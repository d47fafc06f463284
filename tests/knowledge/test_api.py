"""Knowledge over HTTP: each asker gets the right answer; bad files change nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

pytestmark = pytest.mark.django_db


@pytest.fixture
def base(api_client, owner):
    return (
        api_client(owner).post("/api/knowledge", {"name": "Protocol"}, content_type="application/json").json()
    )


def upload(client, base, *files):
    found = [SimpleUploadedFile(name, data) for name, data in files]
    return client.post(f"/api/knowledge/{base['id']}/documents", {"files": found})


def test_an_uploaded_file_is_kept_and_queued(api_client, owner, base, settings):
    row = upload(api_client(owner), base, ("../../etc/passwd.md", b"# Parcel\n- id: string")).json()[0]
    assert (row["name"], row["status"]) == ("passwd.md", "queued")
    assert (settings.HOME_DIR / "files" / row["id"]).read_bytes().startswith(b"# Parcel")


def test_the_same_bytes_twice_are_one_document(api_client, owner, base):
    client = api_client(owner)
    rows = [upload(client, base, (name, b"same")).json()[0]["id"] for name in ("a.txt", "b.txt")]
    assert rows[0] == rows[1]


def test_documents_are_listed_as_they_came(api_client, owner, base):
    client = api_client(owner)
    names = [f"{number}.txt" for number in (3, 1, 4, 2, 6, 5)]
    upload(client, base, *((name, name.encode()) for name in names))
    rows = client.get(f"/api/knowledge/{base['id']}/documents").json()
    assert [row["name"] for row in rows] == names


def test_one_bad_file_keeps_none(api_client, owner, base):
    client = api_client(owner)
    answer = upload(client, base, ("good.txt", b"good"), ("bad.bin", b"\x00\xff\x00"))
    assert answer.status_code == 422 and "bad.bin" in answer.json()["error"]["message"]
    assert client.get(f"/api/knowledge/{base['id']}/documents").json() == []


def test_a_name_is_taken_once(api_client, owner, base):
    answer = api_client(owner).post("/api/knowledge", {"name": "Protocol"}, content_type="application/json")
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("who", "status"), [("owner", 200), ("teammate", 200), ("stranger", 404), (None, 401)]
)
def test_who_sees_a_base(api_client, base, request, who, status):
    user = request.getfixturevalue(who) if who else None
    assert api_client(user).get(f"/api/knowledge/{base['id']}").status_code == status


@pytest.mark.parametrize(("who", "status"), [("teammate", 202), ("stranger", 404), (None, 401)])
def test_who_may_upload(api_client, base, request, who, status):
    user = request.getfixturevalue(who) if who else None
    assert upload(api_client(user), base, ("a.txt", b"hello")).status_code == status


@pytest.mark.parametrize(("who", "status"), [("teammate", 204), ("stranger", 404), (None, 401)])
def test_who_may_delete(api_client, base, request, who, status):
    user = request.getfixturevalue(who) if who else None
    assert api_client(user).delete(f"/api/knowledge/{base['id']}").status_code == status
