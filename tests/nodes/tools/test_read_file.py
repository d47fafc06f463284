import pytest

from nodes.base import NodeError
from nodes.tools.read_file import ReadFile


class FakeDocuments:
    async def read(self, base, name):
        return f"{base}/{name}: 0123456789"


async def test_a_document_is_read_by_name(make_context):
    ctx = make_context(documents=FakeDocuments())
    assert await ReadFile(base="b", name="a.md").run(ctx, "other") == "b/a.md: 0123456789"
    assert await ReadFile(start=1, most=6).run(ctx, "x") == "x: 012"
    with pytest.raises(NodeError, match="Setting 'name' is empty"):
        await ReadFile().run(ctx)


async def test_without_the_service_it_says_so(make_context):
    with pytest.raises(NodeError, match="no documents"):
        await ReadFile(name="a").run(make_context())
