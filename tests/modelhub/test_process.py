"""The worker's side of the runtime process: who starts it may end, and it goes on."""

import threading

import pytest

from flowbuilder.modelhub.runtime.process import Runtime
from flowbuilder.modelhub.runtime.request import Request
from flowbuilder.modelhub.starter_folder import STARTER

pytestmark = [pytest.mark.slow]


def ask(runtime: Runtime, id_: str) -> list:
    messages = [{"role": "user", "content": "Make a van record."}]
    return list(runtime.generate(Request(id_, str(STARTER), "causal", messages, max_new_tokens=8)))


def test_the_runtime_outlives_the_thread_that_asked_first():
    runtime = Runtime(1000)
    first = threading.Thread(target=ask, args=(runtime, "first"))
    first.start()
    first.join()
    child = runtime.child
    child.join(1)  # were it to die with that thread, it would within this second
    assert child.is_alive()
    assert ask(runtime, "second")[-1].usage["completion_tokens"] > 0
    assert runtime.child is child
    child.kill()
    child.join()


def test_a_killed_runtime_is_started_again_for_the_next_caller():
    runtime = Runtime(1000)
    ask(runtime, "first")
    runtime.child.kill()
    runtime.child.join()
    assert ask(runtime, "second")[-1].done
    runtime.child.kill()
