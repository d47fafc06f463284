"""Patience: two tests at a time, each with a browser, a server and its workers, share few processors."""

import contextlib

with contextlib.suppress(ImportError):
    from playwright.sync_api import expect

    expect.set_options(timeout=30_000)
