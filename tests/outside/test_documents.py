"""Documents of the own workspace and public pages become text; nothing else does."""

import http.server
import threading

import pytest
from asgiref.sync import sync_to_async

from flowbuilder.knowledge.models import Document, KnowledgeBase
from flowbuilder.knowledge.storage import write_text
from flowbuilder.outside.documents import NodeDocuments
from nodes.base import NodeError

PAGE = "<html><head><title>x</title><script>alert(1)</script></head><body><h1>Parcels</h1><p>Open at <b>nine</b>.</p></body></html>"


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path != "/gone" else 404)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"" if self.path == "/empty" else PAGE.encode())

    def log_message(self, *args):
        pass


@pytest.fixture
def site(settings):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.FLOWBUILDER_OUTBOUND_HOSTS = [f"127.0.0.1:{server.server_port}"]
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.slow
async def test_a_page_is_read_as_markdown(site):
    text = await NodeDocuments(None).page(f"{site}/guide")
    assert "# Parcels" in text and "nine" in text and "alert" not in text


@pytest.mark.parametrize(
    ("path", "why"),
    [("/gone", "status 404"), ("http://127.0.0.1:9/", "Port 9"), ("http://10.0.0.1/", "private network"), ("file:///etc/passwd", "http:// or https://")],
)  # fmt: skip
async def test_what_cannot_be_read_says_why(site, path, why):
    with pytest.raises(NodeError, match=f"The page cannot be read.*{why}"):
        await NodeDocuments(None).page(path if "://" in path else site + path)


@pytest.mark.django_db(transaction=True)
async def test_documents_are_the_workspace_s_own(asker, stranger):
    @sync_to_async
    def make():
        base = KnowledgeBase.objects.create(workspace=asker.workspace, name="Depot")
        told = {"workspace": asker.workspace, "base": base, "format": "md", "size": 1}
        document = Document.objects.create(name="guide.md", **told)
        Document.objects.create(name="waiting.md", sha256="2", **told)
        write_text(document, "# Guide\n\nOpen at nine.")
        return stranger.memberships.get().workspace_id

    elsewhere = await make()
    mine = NodeDocuments(asker.workspace.pk)
    assert (
        await mine.read("Depot", "guide.md") == "# Guide\n\nOpen at nine." == await mine.read("", "guide.md")
    )
    with pytest.raises(NodeError, match="no document '../guide.md' .* It has: guide.md, waiting.md"):
        await mine.read("", "../guide.md")
    with pytest.raises(NodeError, match="'waiting.md' has no text yet"):
        await mine.read("", "waiting.md")
    with pytest.raises(
        NodeError, match="Setting 'base': there is no knowledge base 'Depot'. This workspace has: none"
    ):
        await NodeDocuments(elsewhere).read("Depot", "guide.md")
