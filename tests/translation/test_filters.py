"""Spans of time as people say them."""

from datetime import timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone, translation


@pytest.mark.parametrize(
    ("ago", "language", "said"),
    [
        (timedelta(seconds=3), "en", "less than a minute ago"),
        (timedelta(seconds=3), "zh-hans", "不到 1 分钟前"),
        (timedelta(hours=2, seconds=3), "en", "2\xa0hours ago"),
    ],
)
def test_what_has_just_happened_was_less_than_a_minute_ago(ago, language, said):
    page = Template(
        "{% load i18n %}{% blocktranslate with when=at|timesince %}{{ when }} ago{% endblocktranslate %}"
    )
    with translation.override(language):
        assert page.render(Context({"at": timezone.now() - ago})) == said
