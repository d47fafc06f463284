"""What a middleware needs to run where the request is: in a thread for a plain view, in the event loop for an async one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest


class InBothWorlds:
    """``iscoroutinefunction(self)`` says which of the two it is; an async view costs no thread hop here."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)
