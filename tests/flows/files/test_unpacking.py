"""Zip files that are cut, altered or mean harm are refused by name, and their paths name nothing here."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowbuilder.flows.files.unpacking import NotUnpacked, unpacked

LIMITS = {"endings": (".json",), "most_files": 3, "most_bytes": 2**20}


def packed(*files, how=zipfile.ZIP_DEFLATED):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", how) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return written.getvalue()


@settings(max_examples=150)
@given(st.data())
def test_whatever_is_altered_it_is_read_or_refused_by_name(data):
    how = data.draw(
        st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    )
    found = bytearray(packed(("a.json", b'{"a": 1}' * 40), ("b.json", b"{}"), how=how))
    for _ in range(data.draw(st.integers(1, 4))):
        found[data.draw(st.integers(0, len(found) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(found)))
    try:
        read = unpacked("all.zip", bytes(found[: cut if data.draw(st.booleans()) else None]), **LIMITS)
    except NotUnpacked as refused:
        assert "'all.zip'" in str(refused)
        return
    assert sum(len(each) for _, each in read) <= 2**20


def test_a_path_is_only_a_name():
    names = ["../../etc/passwd.json", "/root/x.json", "C:\\x.json"]
    read = unpacked("all.zip", packed(*((name, b"{}") for name in names)), **LIMITS)
    assert [name for name, _ in read] == names


@pytest.mark.parametrize(
    "files", [[("big.json", b" " * (2**20 + 1))], [(f"{at}.json", b"{}") for at in range(4)]]
)
def test_what_is_too_much_is_refused_before_it_is_unpacked(files):
    with pytest.raises(NotUnpacked, match="more than 3 files or 1 MB"):
        unpacked("bomb.zip", packed(*files), **LIMITS)
