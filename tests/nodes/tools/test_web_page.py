import pytest

from nodes.base import NodeError
from nodes.tools.web_page import WebPage


class FakeDocuments:
    def __init__(self):
        self.asked = []

    async def page(self, address):
        self.asked.append(address)
        return "# Parcels\n\nOpen at nine."


@pytest.fixture
def ctx(make_context):
    return make_context(documents=FakeDocuments())


async def test_a_page_is_read(ctx):
    assert await WebPage().run(ctx, " https://a.example/x ") == "# Parcels\n\nOpen at nine."
    assert await WebPage(address="https://b.example", most=9).run(ctx, "https://a.example") == "# Parcels"
    assert ctx.documents.asked == ["https://a.example/x", "https://b.example"]


@pytest.mark.parametrize(
    "url", ["https://evil.test/?q=secret", "https://example.com.evil.test", "https://notexample.com"]
)
async def test_only_its_hosts_are_asked(ctx, url):
    node = WebPage(hosts=("example.com",))
    await node.run(ctx, "https://docs.example.com/a")
    with pytest.raises(NodeError, match="is not among those of the setting 'hosts': example.com"):
        await node.run(ctx, url)
    assert len(ctx.documents.asked) == 1


async def test_what_is_missing_is_told(ctx, make_context):
    with pytest.raises(NodeError, match="Setting 'address' is empty"):
        await WebPage().run(ctx)
    with pytest.raises(NodeError, match="reads no pages"):
        await WebPage(address="https://a.example").run(make_context())
