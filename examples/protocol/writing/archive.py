"""Word and Excel files are zips: the same content is to give the same bytes, whenever it is written."""

import re
import zipfile
from io import BytesIO

DAY = (2026, 3, 9, 0, 0, 0)
STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def without_clock(data: bytes) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            content = STAMP.sub(rb"\g<1>2026-03-09T00:00:00Z", old.read(name))
            new.writestr(zipfile.ZipInfo(name, DAY), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()
