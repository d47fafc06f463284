import pytest

from flowbuilder.feedback.models import Kind, Rating
from flowbuilder.flows.services import create_flow


@pytest.fixture
def flow(asker):
    """It asks the starter model."""
    return create_flow(asker=asker, name="Mock bot", template="describe-a-record")


@pytest.fixture
def rate(flow, owner):
    """``rate(n)`` keeps n pairs about as many questions, ``rate(n, kind=...)`` n of another kind."""

    def rate(count: int, *, kind: str = Kind.PAIR, questions: int = 10_000, **fields) -> None:
        Rating.objects.bulk_create(
            Rating(
                workspace=flow.workspace,
                flow=flow,
                person=owner,
                kind=kind,
                prompt=f"Make record {number % questions}.",
                answer="{}",
                others=[{"answer": "none", "model": "starter@1"}] if kind == Kind.PAIR else [],
                **fields,
            )
            for number in range(count)
        )

    return rate
