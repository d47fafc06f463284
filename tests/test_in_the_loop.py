"""An async request passes our middlewares without a thread of its own for each, and gets what it would get from them."""

import pytest
from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import HttpResponse
from django.test import AsyncRequestFactory

from flowbuilder import in_the_loop
from flowbuilder.in_the_loop import ContentSecurity, Frames, Language, Messages, Security, Sessions

QUICK = (Security, ContentSecurity, Sessions, Language, Messages, Frames)


def passing(view):
    for middleware in reversed(QUICK):
        view = middleware(view)
    return view


@pytest.fixture
def hops(monkeypatch):
    """What went to a thread."""
    gone = []

    def counted(work):
        gone.append(work.__qualname__)
        return sync_to_async(work)

    monkeypatch.setattr(in_the_loop, "sync_to_async", counted)
    return gone


async def test_what_asks_no_database_stays_in_the_loop(hops):
    async def view(request):
        return HttpResponse("well")

    answer = await passing(view)(AsyncRequestFactory().get("/", headers={"Accept-Language": "zh-CN"}))
    assert hops == []
    assert answer["Content-Security-Policy"] and answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Content-Language"] == "zh-hans"


@pytest.mark.django_db(transaction=True)
async def test_a_session_that_changed_is_stored_by_a_thread(hops):
    async def view(request):
        await sync_to_async(request.session.__setitem__)("seen", 1)
        await sync_to_async(messages.success)(request, "Saved.")
        return HttpResponse("well")

    answer = await passing(view)(AsyncRequestFactory().get("/"))
    assert hops == ["MessageMiddleware.process_response", "SessionMiddleware.process_response"]
    assert answer.cookies["sessionid"].value and answer.cookies["messages"].value
