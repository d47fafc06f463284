"""The whole protocol in its order."""

from collections.abc import Iterator

from examples.protocol.source.chapters.claims import CLAIMS
from examples.protocol.source.chapters.couriers import COURIERS
from examples.protocol.source.chapters.customers import CUSTOMERS
from examples.protocol.source.chapters.customs import CUSTOMS
from examples.protocol.source.chapters.depots import DEPOTS
from examples.protocol.source.chapters.invoicing import INVOICING
from examples.protocol.source.chapters.lockers import LOCKERS
from examples.protocol.source.chapters.operations import OPERATIONS
from examples.protocol.source.chapters.parcels import PARCELS
from examples.protocol.source.chapters.returns import RETURNS
from examples.protocol.source.chapters.routes import ROUTES
from examples.protocol.source.chapters.scanning import SCANNING
from examples.protocol.source.chapters.surroundings import SURROUNDINGS
from examples.protocol.source.chapters.vehicles import VEHICLES
from examples.protocol.source.introduction import INTRODUCTION
from examples.protocol.source.shapes import Chapter, Field, Record, Text

TITLE = Text("Delivery data centre protocol", "快递数据中心协议")
VERSION = "2.1.0"
OPENING = Text(
    "Every system of the delivery network sends its records to the data centre in this protocol. A record is one "
    "JSON object. Field names are written exactly as below. All times are UTC.",
    "快递网络的所有系统都按本协议向数据中心上报记录。一条记录是一个 JSON 对象，字段名必须与下文完全一致，所有时间均为 UTC。",
)
CHAPTERS: tuple[Chapter, ...] = (
    *INTRODUCTION,
    PARCELS,
    SCANNING,
    COURIERS,
    ROUTES,
    DEPOTS,
    VEHICLES,
    LOCKERS,
    RETURNS,
    CUSTOMS,
    INVOICING,
    CLAIMS,
    CUSTOMERS,
    SURROUNDINGS,
    OPERATIONS,
)


def records() -> Iterator[Record]:
    for chapter in CHAPTERS:
        yield from chapter.records


def all_fields(record: Record) -> Iterator[tuple[str, Field]]:
    """Each field under its full name: ``items[].quantity``."""
    for field in record.fields:
        yield field.name, field
        for inner in field.fields:
            yield f"{field.name}{'[]' if field.array else ''}.{inner.name}", inner
