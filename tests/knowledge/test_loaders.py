"""Text out of each format: headings, tables and sheets stay what they are, in any encoding."""

import json

import pytest

from flowbuilder.knowledge.formats import format_of
from flowbuilder.knowledge.loaders import (
    Unreadable,
    office,
    openapi,
    pdfium,
    postman,
    records,
    sheets,
    tables,
)
from flowbuilder.knowledge.loaders.confined import LoadFailed, read_text
from flowbuilder.knowledge.loaders.encodings import decode
from flowbuilder.knowledge.loaders.pages import PAGE, marked
from tests.knowledge import files

SAYS = "A parcel has a weight."
FIELDS = [["field", "type"], ["weight_kg", "number"]]
MAIL = f"From: a@example.test\nTo: b@example.test\nSubject: Parcels\n\n{SAYS}\n".encode()
HTML = f"<html><body><h1>Parcels</h1><p>{SAYS}</p><script>evil()</script></body></html>".encode()
DOCUMENTS = {
    "a.odt": files.odt("Parcels", SAYS),
    "a.epub": files.epub("Parcels", SAYS),
    "a.pptx": files.pptx("Parcels", SAYS),
    "a.html": HTML,
    "a.eml": MAIL,
    "a.rtf": rb"{\rtf1\ansi Parcels\par A parcel has a weight.\par}",
    "a.pdf": files.pdf([["# Parcels", SAYS]]),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_are_read(name):
    data = DOCUMENTS[name]
    format = format_of(name, data)
    assert format == name[2:]
    text = read_text(data, format)
    assert "Parcels" in text and SAYS in text and "evil" not in text


@pytest.mark.parametrize("loader", [office, sheets])
@pytest.mark.parametrize(
    ("format", "data"), [("xlsx", files.xlsx(Fields=FIELDS)), ("ods", files.ods(*FIELDS))]
)
def test_sheets_keep_name_and_header(loader, format, data):
    assert format_of("a.xls", data) == format
    text = loader.load(data, format)
    assert "## Fields" in text and "| field | type |\n| --- | --- |\n| weight_kg | number |" in text


def test_where_the_layout_reader_fails_a_pdf_is_read_another_way(monkeypatch):
    monkeypatch.setattr(office, "_by_kreuzberg", lambda data, format: 1 / 0)
    data = files.pdf([["first page"], ["second page"]])
    assert office.load(data, "pdf").split(PAGE)[1].strip() == pdfium.load(data, "pdf").split(PAGE)[1].strip()


def test_pages_are_told_by_form_feeds():
    pages = [[f"# Section {number}", f"Word{number} stands here and nowhere else."] for number in range(4)]
    parts = office.load(files.pdf(pages, head="Protocol", foot="Page {page}"), "pdf").split(PAGE)
    assert [f"Word{number} " in part for number, part in enumerate(parts[:4])] == [True] * 4


def test_page_marks_lose_no_text():
    text = "# One\n\nalpha beta\n\n- gamma delta\n\nomega"
    whole = marked(text, ["One\nalpha beta", "gamma delta", "not to be found", "omega"])
    assert whole.count(PAGE) == 3 and "".join(whole.replace(PAGE, "").split()) == "".join(text.split())
    assert whole.split(PAGE)[1].strip() == "- gamma delta"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
@pytest.mark.parametrize(
    "text", ["包裹记录包含以下字段：包裹编号、重量和状态。", "Status: 已送达，包裹重量为两千克。\n"]
)
def test_chinese_in_its_encodings(encoding, text):
    assert decode(text.encode(encoding)) == text


def test_traditional_chinese_in_big5():
    text = "包裹記錄包含以下欄位：包裹編號、重量和狀態。每個欄位都有類型。"
    assert decode(text.encode("big5")) == text


def test_delimiters_and_cells_of_csv():
    text = tables.load('字段;说明\nweight;一|二\n\nnote;"two\nlines"\n'.encode("gb18030"), "csv")
    assert text.splitlines()[2:] == [r"| weight | 一\|二 |", "| note | two lines |"]


def test_flat_records_are_a_table_and_others_a_list():
    flat = json.dumps([{"id": 1, "ok": True}, {"id": 2, "note": "x"}]).encode()
    assert records.load(flat, "json").splitlines()[3] == "| 2 |  | x |"
    assert "- kinds: a, b\n" in records.load(b"- name: Depot\n  kinds: [a, b]\n  at: {city: Bonn}\n", "yaml")


@pytest.mark.parametrize(
    ("format", "data"), [("json", b'{"a": 1,\n "b" 2}'), ("yaml", b"a: 1\nb: [1\nc: 2\n")]
)
def test_what_is_no_data_is_named_with_its_line(format, data):
    with pytest.raises(LoadFailed, match=r"It is not (JSON|YAML).*line"):
        read_text(data, format)


def test_what_is_nested_too_deeply_is_refused():
    with pytest.raises(LoadFailed, match="nested too deeply"):
        read_text(b"[" * 100_000 + b"]" * 100_000, "json")


API = {
    "openapi": "3.0.3",
    "info": {"title": "Parcels", "version": "2"},
    "paths": {
        "/parcels/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {
                "summary": "Read a parcel",
                "responses": {
                    "200": {
                        "description": "it",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Parcel"}}},
                    }
                },
            },
        }
    },
    "components": {
        "schemas": {
            "Parcel": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "string", "pattern": "^P[0-9]+$"},
                    "state": {"type": "string", "enum": ["new", "sent"], "description": "Where it is."},
                    "stops": {
                        "type": "array",
                        "items": {"type": "object", "properties": {"city": {"type": "string"}}},
                    },
                },
            }
        }
    },
}


def test_operations_and_schemas_are_sections_with_their_fields():
    text = openapi.load(json.dumps(API).encode(), "openapi")
    assert "## GET /parcels/{id}\n\nRead a parcel" in text and "| id | path | string | yes |" in text
    assert "Response 200 body: Parcel" in text
    assert "## Schema Parcel" in text and "| id | string | yes | pattern: ^P[0-9]+$ |" in text
    assert "| state | string | no | Where it is.; one of: new, sent |" in text
    assert "| stops[].city | string | no |" in text


def test_what_refers_to_itself_ends():
    node: dict = {"type": "object", "properties": {"next": {"$ref": "#/definitions/Node"}}}
    text = openapi.load(json.dumps({"swagger": "2.0", "definitions": {"Node": node}}).encode(), "openapi")
    assert "| next | Node | no |" in text


def test_requests_of_a_collection_are_sections_under_their_folders():
    request = {"method": "POST", "url": {"raw": "https://x.test/parcels"}, "body": {"raw": '{"id": 1}'}}
    item = {"name": "Parcels", "item": [{"name": "Make one", "request": request, "response": []}]}
    text = postman.load(json.dumps({"info": {"name": "Depot"}, "item": [item]}).encode(), "postman")
    assert "# Depot\n\n## Parcels\n\n### Make one\n\nPOST https://x.test/parcels" in text
    assert '```\n{"id": 1}\n```' in text


def test_neither_is_taken_for_the_other():
    with pytest.raises(Unreadable, match="no Postman collection"):
        postman.load(b"{}", "postman")
