"""Where the runtime process begins. Apart from ``child``, so that the worker that starts it never loads torch."""

from __future__ import annotations

from multiprocessing.connection import Connection


def main(pipe: Connection, budget: float) -> None:
    from flowbuilder.modelhub.runtime.child import main as serve

    serve(pipe, budget)
