"""Record types of a delivery data centre, and how the corpus draws the fields of one example."""

import random
import zlib
from dataclasses import dataclass

from .names import Split, invented_field_name, invented_word


@dataclass(frozen=True)
class Field:
    """One field of a record type; ``choices`` is filled only for ``kind == "enum"``."""

    name: str
    kind: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class RecordType:
    """A record type as one example shows it: its name as written in the prompt and its ordered fields."""

    name: str
    fields: tuple[Field, ...]

    @property
    def combination(self) -> str:
        """The unit of the train/held-out split: type and set of field names, whatever their order."""
        return f"{self.name.replace(' ', '_')}:{','.join(sorted(field.name for field in self.fields))}"


def _fields(spec: str) -> tuple[Field, ...]:
    """Read ``name type`` items; ``name a/b/c`` is an enum."""
    letters = {"s": "string", "i": "integer", "n": "number", "b": "boolean", "d": "date", "t": "date-time"}
    fields = []
    for item in spec.split(", "):
        name, kind = item.split()
        fields.append(
            Field(name, letters[kind]) if kind in letters else Field(name, "enum", tuple(kind.split("/")))
        )
    return tuple(fields)


KNOWN: dict[str, tuple[Field, ...]] = {
    name: _fields(spec)
    for name, spec in {
        "parcel": "parcel_id s, weight_kg n, status created/in_transit/out_for_delivery/delivered/returned, length_cm n, width_cm n, height_cm n, sender s, recipient s, fragile b, declared_value n, due_date d, created_at t",
        "route": "route_id s, depot_id s, courier_id s, stop_count i, distance_km n, planned_start t, planned_end t, status planned/active/completed/cancelled, service_date d, traffic_level low/medium/high",
        "courier": "courier_id s, courier_name s, phone s, email s, vehicle_id s, depot_id s, active b, rating n, hired_on d, shift morning/day/evening/night, parcels_today i",
        "depot": "depot_id s, depot_name s, city s, street s, postcode s, country s, capacity i, dock_count i, open_24h b, opens s, closes s, region north/south/east/west",
        "scan_event": "event_id s, parcel_id s, depot_id s, scanner_id s, scanned_at t, event_type arrival/departure/loaded/unloaded/delivered/exception, courier_id s, latitude n, longitude n, success b",
        "manifest": "manifest_id s, route_id s, vehicle_id s, parcel_count i, total_weight_kg n, sealed b, sealed_at t, service_date d, status open/closed/dispatched",
        "tracking": "tracking_no s, parcel_id s, carrier s, status label_created/in_transit/delayed/delivered/lost, last_scan_at t, eta t, city s, country s, delayed b, attempts i",
        "return": "return_id s, parcel_id s, reason s, requested_on d, received_on d, refund_amount n, condition new/used/damaged, approved b, customer_id s, status requested/received/refunded/rejected",
        "locker": "locker_id s, station_id s, size small/medium/large, occupied b, parcel_id s, city s, street s, pickup_code s, expires_at t, compartment_no i",
        "vehicle": "vehicle_id s, plate_no s, vehicle_type bike/van/truck/ebike, capacity_kg n, odometer_km i, electric b, battery_level i, depot_id s, next_service_date d, status available/in_use/maintenance",
        "customs_declaration": "declaration_id s, parcel_id s, hs_code s, origin_country s, destination_country s, declared_value n, currency EUR/USD/GBP/CHF, duty_amount n, cleared b, cleared_at t, item_count i, category gift/document/sample/goods",
        "customer": "customer_id s, customer_name s, email s, phone s, street s, postcode s, city s, country s, vip b, joined_on d, order_count i, language de/en/fr/it",
        "delivery_attempt": "attempt_id s, parcel_id s, courier_id s, attempted_at t, outcome delivered/not_home/refused/wrong_address, attempt_no i, signature_required b, note s, duration_min i",
        "invoice": "invoice_id s, customer_id s, amount n, currency EUR/USD/GBP/CHF, issued_on d, due_date d, paid b, line_count i, tax_rate n, status draft/sent/paid/overdue",
        "shift": "shift_id s, courier_id s, shift_date d, starts_at t, ends_at t, break_min i, overtime b, stops_done i, shift_type early/late/night",
        "claim": "claim_id s, parcel_id s, customer_id s, claim_type lost/damaged/late, amount n, filed_on d, resolved b, resolved_on d, comment s, status open/in_review/paid/rejected",
        "pickup": "pickup_id s, customer_id s, street s, city s, postcode s, window_start t, window_end t, parcel_count i, status booked/assigned/collected/failed, note s",
        "pallet": "pallet_id s, depot_id s, box_count i, weight_kg n, height_cm n, stackable b, hazardous b, zone a/b/c/d, arrived_at t",
    }.items()
}  # fmt: skip

_ALL_FIELDS = tuple(field for fields in KNOWN.values() for field in fields)
_KINDS = ("string", "string", "string", "integer", "number", "boolean", "date", "date-time", "enum", "enum")


def held_out_combination(record_type: RecordType) -> bool:
    """Whether this combination of fields is one of the twentieth kept from training."""
    return zlib.crc32(f"combination:{record_type.combination}".encode()) % 20 == 0


def draw_record_type(rng: random.Random, split: Split, invented: bool | None = None) -> RecordType:
    """A record type with 1 to 8 fields that belongs to ``split``.

    ``invented`` None draws: on the train side half of the examples carry invented names.
    """
    while True:
        if split == "known":
            drawn = _known(rng)
        elif split == "new" or (rng.random() < 0.5 if invented is None else invented):
            drawn = _invented(rng, split)
        else:
            drawn = _known(rng) if rng.random() < 0.7 else _mixed(rng)
        if split == "new" or held_out_combination(drawn) == (split == "known"):
            return drawn


def _known(rng: random.Random) -> RecordType:
    name = rng.choice(list(KNOWN))
    own = KNOWN[name]
    fields = rng.sample(own, min(_field_count(rng), len(own)))
    if rng.random() < 0.5:
        fields.sort(key=own.index)
    return RecordType(_spaced(rng, name), tuple(_vary(rng, field) for field in fields))


def _mixed(rng: random.Random) -> RecordType:
    """Known and invented fields side by side, types against what the name suggests."""
    fields: dict[str, Field] = {}
    while len(fields) < _field_count(rng):
        if rng.random() < 0.5:
            field = rng.choice(_ALL_FIELDS)
            if rng.random() < 0.4:
                field = Field(field.name, rng.choice(_KINDS[:-2]))
        else:
            field = _invented_field(rng, "train")
        fields[field.name] = field
    return RecordType(_spaced(rng, rng.choice(list(KNOWN))), tuple(fields.values()))


def _invented(rng: random.Random, split: Split) -> RecordType:
    wanted = _field_count(rng)
    fields: dict[str, Field] = {}
    while len(fields) < wanted:
        field = _invented_field(rng, split)
        fields[field.name] = field
    name = "_".join(invented_word(rng, split) for _ in range(rng.choice((1, 1, 2))))
    return RecordType(_spaced(rng, name), tuple(fields.values()))


def _invented_field(rng: random.Random, split: Split) -> Field:
    kind = rng.choice(_KINDS)
    name = invented_field_name(rng, split, kind)
    if kind != "enum":
        return Field(name, kind)
    return Field(name, kind, tuple({invented_word(rng, split): None for _ in range(rng.randint(2, 5))}))


def _vary(rng: random.Random, field: Field) -> Field:
    """A known field, its enum sometimes cut down or reordered so that the prompt has to be read."""
    if field.kind != "enum":
        return field
    return Field(field.name, "enum", tuple(rng.sample(field.choices, rng.randint(2, len(field.choices)))))


def _field_count(rng: random.Random) -> int:
    return rng.choice((1, 2, 3, 3, 4, 4, 5, 5, 6, 7, 8))


def _spaced(rng: random.Random, name: str) -> str:
    return name.replace("_", " ") if rng.random() < 0.5 else name
