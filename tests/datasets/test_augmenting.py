"""Synthetic rows: ordered, made once whatever happens to the worker, screened, marked, for training alone."""

import pytest
from django.utils import timezone

from flowbuilder import leases
from flowbuilder.accounts.errors import ApiError
from flowbuilder.datasets import augmenting, splits
from flowbuilder.datasets.models import Augmentation
from nodes.base import NodeError, Retryable
from nodes.data.synthesis import Plan
from tests.datasets.conftest import put

pytestmark = pytest.mark.django_db
SMALL = Plan(kinds=("typos", "punctuation"), per_seed=3)
WRITTEN = Plan(method="generate", per_seed=1, template="Like {seed}?")


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    """No broker: orders wait here for the test to do them."""
    orders: list = []
    monkeypatch.setattr(augmenting, "wake_worker", orders.append)
    return orders


@pytest.fixture
def says(monkeypatch):
    """``says("a", "b")``: the model's answers in turn, its errors raised."""

    def make(*answers):
        given = iter(answers)

        async def generate(self, model, prompt, **options):
            answer = next(given)
            if isinstance(answer, Exception):
                raise answer
            yield answer

        monkeypatch.setattr("flowbuilder.modelhub.services.NodeModels.generate", generate)

    return make


@pytest.fixture
def dataset(make_dataset):
    return make_dataset(train_share=60, validation_share=20)


def fill(dataset, count=20):
    return put(dataset, *(f"Where is the blue parcel number {n}, and who has it now?" for n in range(count)))


def synthetic(dataset):
    return dataset.draft.filter(origin="synthetic")


def test_rows_are_made_marked_and_stand_in_train_alone(dataset, asker):
    fill(dataset)
    order = augmenting.order(asker=asker, dataset=dataset, plan=SMALL)
    train = dataset.draft.filter(split="train")
    assert {seed["row"] for seed in order.seeds} == set(train.values_list("pk", flat=True))
    augmenting.augment(str(order.pk))
    order.refresh_from_db()
    made = list(synthetic(dataset))
    assert order.status == "finished" and order.done == len(order.seeds) and order.kept == len(made) > 0
    assert order.kept + sum(order.dropped.values()) == 3 * len(order.seeds)
    for row in made:
        assert row.split == "train" and row.by == asker.user
        assert row.source["generator"] in {"perturb:typos", "perturb:punctuation"}
        assert row.source["seed"] in {seed["row"] for seed in order.seeds}
        assert row.content["completion"] == dataset.rows.get(pk=row.source["seed"]).content["completion"]


def test_a_second_order_draws_no_seeds_from_what_was_made(dataset, asker):
    fill(dataset)
    augmenting.augment(str(augmenting.order(asker=asker, dataset=dataset, plan=SMALL).pk))
    again = augmenting.order(asker=asker, dataset=dataset, plan=SMALL)
    assert not {seed["row"] for seed in again.seeds} & set(synthetic(dataset).values_list("pk", flat=True))
    augmenting.augment(str(again.pk))
    again.refresh_from_db()
    assert again.kept == 0 and again.dropped["duplicate"] > 0  # the same number drew the same


def test_a_model_writes_and_answers(make_dataset, asker, says):
    dataset = make_dataset(train_share=100, validation_share=0)
    (row,) = put(dataset, "Where is it?")
    says("Where is my blue van?", "At the gate.")
    order = augmenting.order(asker=asker, dataset=dataset, plan=WRITTEN)
    assert order.settings["model"] == "starter@1" == order.model.ref
    augmenting.augment(str(order.pk))
    made = synthetic(dataset).get()
    assert made.content == {"prompt": "Where is my blue van?", "completion": "At the gate."}
    assert (made.source["generator"], made.source["seed"]) == ("starter@1", row.pk)


def test_what_is_held_out_or_nearly_so_is_dropped(make_dataset, asker, says):
    dataset = make_dataset("prompts", train_share=50, validation_share=0)
    rows = fill(dataset, 40)
    held = next(row for row in rows if row.split == "test")
    fresh = next(
        p
        for n in range(99)
        if splits.split_by_hash(dataset, splits.group_of(dataset, p := f"Quite other words {n}")) == "test"
    )
    near = next(
        p
        for n in range(99)
        if splits.split_by_hash(dataset, splits.group_of(dataset, p := held.content["prompt"] + "!" * n))
        == "train"
    )
    says(held.content["prompt"].upper(), fresh, near)
    plan = Plan(method="generate", per_seed=3)
    seed = next(
        p
        for n in range(99)
        if splits.split_by_hash(dataset, splits.group_of(dataset, p := f"What costs it {n}?")) == "train"
    )
    order = augmenting.order(asker=asker, dataset=dataset, plan=plan, seeds=[seed, held.content["prompt"]])
    assert order.dropped == {"seed_held_out": 1} and len(order.seeds) == 1
    augmenting.augment(str(order.pk))
    order.refresh_from_db()
    assert (order.kept, order.dropped) == (0, {"seed_held_out": 1, "held_out": 3})


def test_a_killed_worker_s_order_goes_on_and_makes_nothing_twice(dataset, asker, monkeypatch):
    fill(dataset)
    order = augmenting.order(asker=asker, dataset=dataset, plan=SMALL)
    keep = augmenting.Work._keep

    def die(self, number, *args):
        if number == 3:
            raise KeyboardInterrupt
        return keep(self, number, *args)

    monkeypatch.setattr(augmenting.Work, "_keep", die)
    with pytest.raises(KeyboardInterrupt):
        augmenting.augment(str(order.pk))
    monkeypatch.setattr(augmenting.Work, "_keep", keep)
    augmenting.augment(str(order.pk))
    assert Augmentation.objects.get().done == 3  # the dead worker's lease is live: nobody else starts
    Augmentation.objects.update(lease_until=timezone.now())
    augmenting.augment(str(order.pk))
    order.refresh_from_db()
    assert (order.status, order.lives, order.kept) == ("finished", 2, synthetic(dataset).count())


def test_a_worker_that_was_overtaken_writes_nothing(dataset, asker):
    fill(dataset)
    order = augmenting.order(asker=asker, dataset=dataset, plan=SMALL)
    slow = augmenting.take_lease(order.pk)
    Augmentation.objects.update(lease_until=timezone.now())
    augmenting.augment(str(order.pk))
    count = synthetic(dataset).count()
    assert not augmenting.Work(slow)._keep(0, order.seeds[0], [], augmenting.Screen(SMALL))
    assert synthetic(dataset).count() == count


def test_long_orders_let_others_work_in_between(dataset, asker, woken, monkeypatch):
    fill(dataset)
    monkeypatch.setattr(augmenting, "SLICE", -1)
    order = augmenting.order(asker=asker, dataset=dataset, plan=SMALL)
    augmenting.augment(str(order.pk))
    order.refresh_from_db()
    assert (order.status, order.lives, woken) == ("running", 0, [order.pk, order.pk])
    monkeypatch.undo()
    monkeypatch.setattr(augmenting, "wake_worker", woken.append)
    augmenting.sweep()
    assert woken[2:] == [order.pk]


def test_cancelled_before_and_while_it_goes_on(dataset, asker, says):
    fill(dataset)
    waiting = augmenting.order(asker=asker, dataset=dataset, plan=SMALL)
    leases.cancel(waiting)
    augmenting.augment(str(waiting.pk))
    order = augmenting.order(asker=asker, dataset=dataset, plan=SMALL)
    work = augmenting.Work(augmenting.take_lease(order.pk))
    leases.cancel(order)
    assert not work._still_wanted()
    assert set(Augmentation.objects.values_list("status", flat=True)) == {"cancelled"}
    assert not synthetic(dataset).exists()


def test_a_line_that_is_down_is_tried_again_and_a_failure_is_told(make_dataset, asker, says):
    dataset = make_dataset("prompts", train_share=100, validation_share=0)
    put(dataset, "Where is it?")
    says(Retryable("The line is down."), NodeError("Model 'starter@1': too long."))
    order = augmenting.order(asker=asker, dataset=dataset, plan=WRITTEN)
    augmenting.augment(str(order.pk))
    assert Augmentation.objects.get().status == "running"
    augmenting.augment(str(order.pk))
    found = Augmentation.objects.get()
    assert (found.status, found.error) == ("failed", "Model 'starter@1': too long.")


def test_what_cannot_be_ordered_is_told(make_dataset, dataset, asker):
    with pytest.raises(ApiError, match="There is no seed"):
        augmenting.order(asker=asker, dataset=dataset, plan=SMALL)
    with pytest.raises(ApiError, match="Seed 1: a text is no completion row"):
        augmenting.order(asker=asker, dataset=dataset, plan=SMALL, seeds=["Where?"])
    with pytest.raises(NodeError, match="There is no model 'gone'"):
        augmenting.order(
            asker=asker, dataset=dataset, plan=WRITTEN.model_copy(update={"model": "gone"}), seeds=["a"]
        )
    pairs = make_dataset("preference", name="pairs")
    with pytest.raises(ApiError, match="cannot write preference rows"):
        augmenting.order(asker=asker, dataset=pairs, plan=WRITTEN)


def test_over_http(send, owner, viewer, stranger, dataset):
    fill(dataset)
    path = f"/api/datasets/{dataset.pk}/augmentations"
    body = {"plan": {"per_seed": 2, "kinds": ["case"]}, "count": 4}
    made = send(owner, "post", path, body)
    assert made.status_code == 202 and made.json()["seeds"] == 4 and made.json()["status"] == "queued"
    assert send(owner, "post", path, {"plan": {"kinds": ["poems"]}}).status_code == 422
    one = f"/api/augmentations/{made.json()['id']}"
    assert (
        send(stranger, "get", one).status_code == 404 and send(viewer, "post", path, body).status_code == 403
    )
    assert send(owner, "post", f"{one}/cancellation").json()["status"] == "cancelled"
    assert [order["id"] for order in send(viewer, "get", path).json()] == [made.json()["id"]]


def test_on_the_page(api_client, owner, viewer, dataset, woken):
    fill(dataset)
    client = api_client(owner)
    path = f"/datasets/{dataset.pk}/synthesis/"
    assert "Written by a model" in client.get(path).content.decode()
    wrong = client.post(path, {"method": "generate", "template": "none"})
    assert wrong.status_code == 422 and "must have {seed}" in wrong.content.decode()
    assert client.post(path, {"method": "perturb", "kinds": ["typos"], "per_seed": 2}).status_code == 302
    going_on = client.get(path).content.decode()
    assert 'hx-trigger="every 1s"' in going_on and 'data-status="queued"' in going_on
    augmenting.augment(str(woken[0]))
    ended = client.get(path).content.decode()
    assert 'data-status="finished"' in ended and "every 1s" not in ended and "Look at them" in ended
    assert (
        'data-origin="synthetic"' in client.get(f"/datasets/{dataset.pk}/?origin=synthetic").content.decode()
    )
    assert api_client(viewer).post(path, {"method": "perturb"}).status_code == 403
