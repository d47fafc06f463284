"""Identifiers: each kind has its letters and its number of digits, wherever it stands."""

IDENTIFIERS = {
    "parcel_id": ("PX", 8),
    "event_id": ("EV", 10),
    "courier_id": ("CR", 5),
    "route_id": ("RT", 7),
    "stop_id": ("ST", 8),
    "depot_id": ("DP", 3),
    "manifest_id": ("MF", 7),
    "locker_id": ("LK", 5),
    "compartment_id": ("LC", 6),
    "point_id": ("PP", 5),
    "return_id": ("RN", 8),
    "vehicle_id": ("VH", 5),
    "trailer_id": ("TR", 4),
    "declaration_id": ("CD", 8),
    "customer_id": ("CU", 6),
    "address_id": ("AD", 8),
    "invoice_id": ("IV", 8),
    "payment_id": ("PM", 8),
    "attempt_id": ("AT", 8),
    "claim_id": ("CL", 6),
    "shift_id": ("SH", 7),
    "scanner_id": ("SC", 4),
    "sensor_id": ("SN", 6),
    "station_id": ("WS", 4),
    "photo_id": ("PH", 8),
    "user_id": ("US", 5),
    "gate_id": ("GT", 4),
    "chute_id": ("CH", 3),
    "zone_id": ("ZN", 4),
    "contract_id": ("CT", 6),
    "ticket_id": ("TK", 7),
    "battery_id": ("BT", 6),
}


def pattern_of(name: str) -> str:
    """The pattern of a field called ``name``, say ``from_depot_id``: its longest known ending decides."""
    letters, digits = IDENTIFIERS[_kind(name)]
    return f"^{letters}-[0-9]{{{digits}}}$"


def identifier(name: str, number: int) -> str:
    letters, digits = IDENTIFIERS[_kind(name)]
    return f"{letters}-{number % 10**digits:0{digits}d}"


def _kind(name: str) -> str:
    singular = f"{name[:-1]}" if name.endswith("_ids") else name
    fitting = [kind for kind in IDENTIFIERS if singular == kind or singular.endswith(f"_{kind}")]
    if not fitting:
        raise ValueError(f"'{name}' ends in no known identifier: {', '.join(IDENTIFIERS)}")
    return max(fitting, key=len)
