"""Pages and the API speak the reader's language: the browser's, or the one that was chosen."""

import pytest

pytestmark = pytest.mark.django_db


def page(client, **headers) -> str:
    return client.get("/", headers=headers).content.decode()


def test_the_browser_s_language_is_spoken(api_client, owner):
    client = api_client(owner)
    assert ">Flows</a>" in page(client) and '<html lang="en">' in page(client)
    said = page(client, accept_language="zh-CN,zh;q=0.9")
    assert '<html lang="zh-hans">' in said and "知识库" in said and ">Knowledge</a>" not in said


def test_the_chosen_one_is_kept(api_client, owner):
    client = api_client(owner)
    answer = client.post("/language/", {"language": "zh-hans", "next": "/"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert '<html lang="zh-hans">' in page(client, accept_language="en")
    client.post("/language/", {"language": "en", "next": "/"})
    assert '<html lang="en">' in page(client, accept_language="zh-CN")


def test_it_leads_to_no_other_site(api_client, owner):
    sent = {"language": "zh-hans", "next": "https://elsewhere.example/"}
    assert api_client(owner).post("/language/", sent)["Location"] == "/"


def test_nodes_are_called_what_the_reader_calls_them(api_client, owner):
    def prompt(**headers) -> dict:
        rows = api_client(owner).get("/api/nodes", headers=headers).json()
        return next(row for row in rows if row["type"] == "text.prompt")

    english, chinese = prompt(), prompt(accept_language="zh-hans")
    assert english["title"] == "Prompt" and chinese["title"] == "提示词"
    assert (
        chinese["settings_schema"]["properties"]["template"]["description"]
        != (english["settings_schema"]["properties"]["template"]["description"])
    )
    assert english["settings_schema"].keys() == chinese["settings_schema"].keys()
    assert english["category"] == chinese["category"], "by it the editor sorts and colours"
