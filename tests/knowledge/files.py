"""Small files of every format that is read, made here: each says that a parcel has a weight."""

import io
import zipfile
from collections.abc import Iterable, Sequence

X = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
XML = "application/vnd.openxmlformats-officedocument"


def archive(files: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return buffer.getvalue()


def _package(main: str, kind: str, parts: dict[str, str], targets: Sequence[str], link: str) -> bytes:
    folder = main.rsplit("/", 1)[0]
    own = [f'<Override PartName="/{folder}/{target}" ContentType="{XML}.{link}+xml"/>' for target in targets]
    types = (
        f'{X}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/{main}" ContentType="{XML}.{kind}.main+xml"/>'
        f"{''.join(own)}</Types>"
    )
    name = link.rsplit(".", 1)[-1]
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{name}" Target="{target}"/>'
        for number, target in enumerate(targets, 1)
    )
    root = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="{main}"/>'
    lead = f'{X}<Relationships xmlns="{PACKAGE}/relationships">'
    return archive(
        {
            "[Content_Types].xml": types,
            "_rels/.rels": f"{lead}{root}</Relationships>",
            f"{folder}/_rels/{main.rsplit('/', 1)[1]}.rels": f"{lead}{links}</Relationships>",
            **parts,
        }
    )


def xlsx(**sheets: Iterable[Sequence[str | float]]) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    listed = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(sheets, 1)
    )
    parts = {
        "xl/workbook.xml": f'{X}<workbook xmlns="{main}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'
    }
    targets = [f"worksheets/sheet{number}.xml" for number in range(1, len(sheets) + 1)]
    for target, rows in zip(targets, sheets.values(), strict=True):
        data = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
        parts[f"xl/{target}"] = f'{X}<worksheet xmlns="{main}"><sheetData>{data}</sheetData></worksheet>'
    return _package("xl/workbook.xml", "spreadsheetml.sheet", parts, targets, "spreadsheetml.worksheet")


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def pptx(title: str, body: str) -> bytes:
    names = (
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        f'xmlns:r="{OFFICE}" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    )
    shapes = "".join(
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="t"/><p:cNvSpPr/><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr>'
        f"<p:spPr/><p:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
        for number, (kind, text) in enumerate((("title", title), ("body", body)), 2)
    )
    parts = {
        "ppt/presentation.xml": f'{X}<p:presentation {names}><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst>'
        "</p:presentation>",
        "ppt/slides/slide1.xml": f'{X}<p:sld {names}><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/>'
        f"<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>{shapes}</p:spTree></p:cSld></p:sld>",
    }
    slide = "presentationml.slide"
    return _package(
        "ppt/presentation.xml", "presentationml.presentation", parts, ["slides/slide1.xml"], slide
    )


def open_document(kind: str, body: str) -> bytes:
    names = " ".join(f'xmlns:{name}="{OASIS}:{name}:1.0"' for name in ("office", "text", "table"))
    content = (
        f'{X}<office:document-content {names} office:version="1.2"><office:body>{body}</office:body>'
        "</office:document-content>"
    )
    return archive(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": content,
            "META-INF/manifest.xml": f'{X}<manifest:manifest xmlns:manifest="{OASIS}:manifest:1.0"/>',
        }
    )


def odt(heading: str, text: str) -> bytes:
    body = f'<text:h text:outline-level="1">{heading}</text:h><text:p>{text}</text:p>'
    return open_document("text", f"<office:text>{body}</office:text>")


def ods(*rows: Sequence[str]) -> bytes:
    lines = "".join(
        f"<table:table-row>{''.join(_field(value) for value in row)}</table:table-row>" for row in rows
    )
    table = f'<table:table table:name="Fields">{lines}</table:table>'
    return open_document("spreadsheet", f"<office:spreadsheet>{table}</office:spreadsheet>")


def _field(value: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'


def epub(heading: str, text: str) -> bytes:
    return archive(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": f'{X}<container version="1.0" '
            'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="c.opf" '
            'media-type="application/oebps-package+xml"/></rootfiles></container>',
            "c.opf": f'{X}<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><manifest><item id="a" '
            'href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine>'
            "</package>",
            "a.xhtml": f'{X}<html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title></head><body>'
            f"<h1>{heading}</h1><p>{text}</p></body></html>",
        }
    )


def pdf(pages: Sequence[Sequence[str]], head: str = "", foot: str = "") -> bytes:
    """Headings are lines that start with '# '."""
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

    styles = getSampleStyleSheet()
    story = []
    for page in pages:
        for line in page:
            style = styles["Heading1" if line.startswith("# ") else "Normal"]
            story.append(Paragraph(line.removeprefix("# "), style))
        story.append(PageBreak())

    def edges(canvas, document):
        canvas.drawString(72, 800, head)
        canvas.drawString(72, 30, foot.format(page=document.page))

    buffer = io.BytesIO()
    SimpleDocTemplate(buffer).build(story, onFirstPage=edges, onLaterPages=edges)
    return buffer.getvalue()
