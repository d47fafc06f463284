"""Variables: bounded, and changed by many at once without a loss."""

import contextlib
import threading

import pytest
from django.db import OperationalError, connection

from flowbuilder.variables import services
from flowbuilder.variables.models import Variable
from flowbuilder.variables.services import Place, Refused, change, read


@pytest.fixture
def place(workspace):
    return Place(workspace.pk)


@pytest.mark.django_db(transaction=True)
def test_changes_side_by_side_are_all_counted(place):
    def count():
        left = 5
        while left:
            # SQLite in memory, as tests have it, does not wait for its lock as a file does.
            with contextlib.suppress(OperationalError):
                change(place, "counter", lambda held: (held or 0) + 1)
                left -= 1
        connection.close()

    threads = [threading.Thread(target=count) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read(place, "counter") == 30 and Variable.objects.count() == 1


@pytest.mark.django_db
def test_what_cannot_be_kept_is_refused_and_nothing_changes(place, monkeypatch):
    change(place, "it", lambda _: 1)
    for value, why in (("a" * services.LARGEST, "may have 262,144"), (float("nan"), "no JSON")):
        with pytest.raises(Refused, match=why):
            change(place, "it", lambda _, value=value: value)
    for name in ("", "two\nlines", " a", "a" * 101):
        with pytest.raises(Refused, match="cannot name a variable"):
            change(place, name, lambda _: 1)
    monkeypatch.setattr(services, "MOST", 1)
    with pytest.raises(Refused, match="1 variables already"):
        change(place, "another", lambda _: 1)
    assert read(place, "it") == 1
    assert change(place, "it", lambda _: None) is None and read(place, "it") is None
