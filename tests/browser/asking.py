"""Asking a flow in the editor's chat panel."""

from playwright.sync_api import Page, expect


def ask(page: Page, question: str) -> str:
    """The reply once the run has ended."""
    page.get_by_test_id("tab-chat").click()
    page.get_by_test_id("chat-input").fill(question)
    page.get_by_test_id("chat-send").click()
    expect(page.get_by_test_id("node-reply_1")).to_have_attribute("data-status", "finished", timeout=60_000)
    return page.get_by_test_id("chat-reply").last.inner_text()
