"""Writes the sample protocol of a delivery data centre as Markdown, Word and PDF beside this file.

Run it from the repository's root: ``python examples/protocol/make_documents.py``
"""

from pathlib import Path

from docx import Document
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

HERE = Path(__file__).parent
TITLE = "Delivery data centre protocol"
INTRODUCTION = (
    "Every system of the delivery network sends its records to the data centre in this protocol. A record is one "
    "JSON object. Field names are written exactly as below. All times are UTC."
)

RECORDS: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "parcel": (
        "A parcel is one item on its way from a sender to a recipient.",
        [
            ("parcel_id", "string"),
            ("weight_kg", "number"),
            ("fragile", "boolean"),
            ("status", "enum (enum: created, in_transit, delivered)"),
            ("shipped_on", "date"),
        ],
    ),
    "scan_event": (
        "A scan event is written each time a parcel passes a scanner.",
        [
            ("event_id", "string"),
            ("parcel_id", "string"),
            ("depot_id", "string"),
            ("kind", "enum (enum: arrival, departure, sorting)"),
            ("scanned_at", "date-time"),
        ],
    ),
    "courier": (
        "A courier carries parcels on one route a day.",
        [
            ("courier_id", "string"),
            ("name", "string"),
            ("active", "boolean"),
            ("vehicle_type", "enum (enum: bike, van, truck)"),
            ("hired_on", "date"),
        ],
    ),
    "route": (
        "A route is the ordered list of stops that a courier drives.",
        [
            ("route_id", "string"),
            ("courier_id", "string"),
            ("stops", "integer"),
            ("distance_km", "number"),
            ("planned_on", "date"),
        ],
    ),
    "depot": (
        "A depot is a building in which parcels are sorted and stored.",
        [
            ("depot_id", "string"),
            ("city", "string"),
            ("capacity", "integer"),
            ("automated", "boolean"),
        ],
    ),
    "manifest": (
        "A manifest lists what a vehicle carries when it leaves a depot.",
        [
            ("manifest_id", "string"),
            ("depot_id", "string"),
            ("parcel_count", "integer"),
            ("total_weight_kg", "number"),
            ("closed_at", "date-time"),
        ],
    ),
    "locker": (
        "A locker is a cabinet from which recipients fetch parcels by themselves.",
        [
            ("locker_id", "string"),
            ("city", "string"),
            ("compartments", "integer"),
            ("state", "enum (enum: open, full, out_of_service)"),
        ],
    ),
    "return": (
        "A return is a parcel on its way back to its sender.",
        [
            ("return_id", "string"),
            ("parcel_id", "string"),
            ("reason", "enum (enum: damaged, refused, wrong_address)"),
            ("received_on", "date"),
        ],
    ),
    "vehicle": (
        "A vehicle belongs to one depot and is driven by its couriers.",
        [
            ("vehicle_id", "string"),
            ("plate", "string"),
            ("mileage_km", "integer"),
            ("electric", "boolean"),
        ],
    ),
    "customs_declaration": (
        "A customs declaration goes with every parcel that crosses a border.",
        [
            ("declaration_id", "string"),
            ("parcel_id", "string"),
            ("value_eur", "number"),
            ("cleared", "boolean"),
            ("declared_on", "date"),
        ],
    ),
    "invoice": (
        "An invoice asks a customer to pay for the parcels of one month.",
        [
            ("invoice_id", "string"),
            ("customer_id", "string"),
            ("amount_eur", "number"),
            ("paid", "boolean"),
            ("due_on", "date"),
        ],
    ),
    "delivery_attempt": (
        "A delivery attempt is written when a courier stands at the recipient's door.",
        [
            ("attempt_id", "string"),
            ("parcel_id", "string"),
            ("courier_id", "string"),
            ("outcome", "enum (enum: delivered, nobody_home, refused)"),
            ("attempted_at", "date-time"),
        ],
    ),
}


def field_line(name: str, kind: str) -> str:
    return f"{name}: {kind}"


def markdown() -> str:
    parts = [f"# {TITLE}\n\n{INTRODUCTION}\n"]
    for name, (purpose, fields) in RECORDS.items():
        lines = "\n".join(f"- {field_line(*field)}" for field in fields)
        parts.append(f"## {name} record\n\n{purpose} The {name} record has these fields:\n\n{lines}\n")
    return "\n".join(parts)


def word(path: Path) -> None:
    document = Document()
    document.add_heading(TITLE, 1)
    document.add_paragraph(INTRODUCTION)
    for name, (purpose, fields) in RECORDS.items():
        document.add_heading(f"{name} record", 2)
        document.add_paragraph(f"{purpose} The {name} record has these fields:")
        for field in fields:
            document.add_paragraph(field_line(*field), style="List Bullet")
    document.save(str(path))


def pdf(path: Path) -> None:
    styles = getSampleStyleSheet()
    story = [Paragraph(TITLE, styles["Title"]), Paragraph(INTRODUCTION, styles["BodyText"]), Spacer(1, 12)]
    for name, (purpose, fields) in RECORDS.items():
        story.append(Paragraph(f"{name} record", styles["Heading2"]))
        story.append(Paragraph(f"{purpose} The {name} record has these fields:", styles["BodyText"]))
        story += [Paragraph(f"- {field_line(*field)}", styles["BodyText"]) for field in fields]
    SimpleDocTemplate(str(path), pagesize=A4, title=TITLE, invariant=1).build(story)


if __name__ == "__main__":
    (HERE / "parcel-protocol.md").write_text(markdown())
    word(HERE / "parcel-protocol.docx")
    pdf(HERE / "parcel-protocol.pdf")
