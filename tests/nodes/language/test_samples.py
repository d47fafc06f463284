import asyncio

import pytest

from nodes.base import Retryable
from nodes.language.samples import Samples


async def test_each_answer_has_its_own_seed(make_context, models):
    models.answers = ["one", "two", "three"]
    found = await Samples(count=3, seed=5).run(make_context(), "Say a number.")
    assert found.prompt == "Say a number."
    assert sorted(found.answers) == ["one", "three", "two"]
    assert sorted(call["sampling"].seed for call in models.calls) == [5, 6, 7]


async def test_all_are_asked_at_once_and_stop_together(make_context):
    class Failing:
        """The first caller fails once all four are there; the others would wait for ever."""

        asked, cancelled, full = 0, 0, asyncio.Event()

        async def generate(self, *args, **options):
            self.asked += 1
            first = self.asked == 1
            if self.asked == 4:
                self.full.set()
            await self.full.wait()
            if first:
                raise Retryable("the model worker stopped")
            try:
                await asyncio.Event().wait()
            finally:
                self.cancelled += 1
            yield ""

    models = Failing()
    given = make_context()
    with pytest.raises(Retryable):
        await asyncio.wait_for(
            Samples(count=4).run(type(given)(models=models, knowledge=None, training=None), "?"), 5
        )
    while models.cancelled < 3:
        await asyncio.sleep(0)
