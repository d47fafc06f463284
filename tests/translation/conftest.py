"""A request in Chinese leaves its language active in the thread that tests share."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _english_before_and_afterwards():
    translation.deactivate()
    yield
    translation.deactivate()
