"""Any order of changes, catching up, reopening and dropping: an index finds what the plain answer finds."""

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from flowbuilder.knowledge.index import index_of
from flowbuilder.knowledge.models import IndexChange
from tests.knowledge.index.conftest import DIMENSIONS
from tests.knowledge.index.test_conformance import WORDS, agree

pytestmark = [pytest.mark.django_db]
word_lists = st.lists(st.sampled_from(WORDS), max_size=6)
seeds = st.integers(0, 2**32 - 1)


def vector_of(seed: int):
    return None if seed % 7 == 0 else np.random.default_rng(seed).standard_normal(DIMENSIONS)


def machine(base, rows):
    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.ids: list[int] = []
            self.changed = False

        @rule(words=word_lists, seed=seeds)
        def put(self, words, seed):
            self.ids.append(rows.put(words, vector_of(seed)))

        @precondition(lambda self: self.ids)
        @rule(words=word_lists, seed=seeds)
        def replace(self, words, seed):
            rows.change(self.ids[seed % len(self.ids)], words=words, vector=vector_of(seed))

        @precondition(lambda self: self.ids)
        @rule(seed=seeds)
        def switch(self, seed):
            rows.change(self.ids[seed % len(self.ids)], enabled=bool(seed % 2))

        @precondition(lambda self: self.ids)
        @rule(seed=seeds)
        def delete(self, seed):
            rows.delete(self.ids.pop(seed % len(self.ids)))

        @rule()
        def prune(self):
            newest = IndexChange.objects.filter(base=base).order_by("-pk").values_list("pk", flat=True)[:1]
            IndexChange.objects.filter(base=base).exclude(pk__in=list(newest)).delete()

        @rule()
        def drop(self):
            index_of(base).drop()

        @rule(seed=seeds, share=st.sampled_from([None, 0.3, 1]))
        def ask(self, seed, share):
            random = np.random.default_rng(seed)
            kept = None if share is None else {each for each in self.ids if random.random() < share}
            agree(index_of(base), base, random, allowed=kept, limit=4)

        @invariant()
        def remembers_what_it_took(self):
            assert index_of(base).count() >= 0

        def teardown(self):
            agree(index_of(base), base, np.random.default_rng(0))
            for passage_id in self.ids:
                rows.delete(passage_id)

    return Machine


def test_any_order_of_changes(base, kind, rows):
    run_state_machine_as_test(
        lambda: machine(base, rows)(),
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            suppress_health_check=list(HealthCheck),
        ),
    )
