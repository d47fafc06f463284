"""The chapters before the records."""

from examples.protocol.source.introduction.exchange import ERRORS, TRANSPORT
from examples.protocol.source.introduction.keeping import RETENTION, VERSIONING
from examples.protocol.source.introduction.writing import CONVENTIONS, IDENTIFIERS, TIMES

INTRODUCTION = (CONVENTIONS, TIMES, IDENTIFIERS, TRANSPORT, ERRORS, VERSIONING, RETENTION)
