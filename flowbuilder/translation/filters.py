"""``{{ job.error|said }}``: an error that is kept in English, in the reader's language."""

from django import template

from flowbuilder.translation.errors import said

register = template.Library()
register.filter("said", said)
