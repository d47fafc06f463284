"""A dataset of 50,000 rows: what each thing that is done to it takes.

``python -m benchmarks.dataset_versions``
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.in_process import own_home

ROWS = 50_000


def main() -> None:
    with own_home():
        from flowbuilder.accounts.services import create_owner
        from flowbuilder.datasets import editing, services, statistics

        statistics.wake_worker = lambda version: None  # measured here, not in a worker
        owner = create_owner(email="owner@example.test", password="correct horse battery")
        dataset = services.create_dataset(workspace_id=owner.workspace.pk, name="large", kind="completion")
        rows = [editing.incoming("completion", content(number), "imported") for number in range(ROWS)]
        with told("add 50,000 rows"):
            editing.add_in_pieces(dataset=dataset, rows=rows)
        with told("freeze the first version"):
            first = services.freeze(dataset=dataset)
        row = dataset.draft.order_by("id")[ROWS // 2]
        with told("mend a row"):
            editing.mend(row=row, content={**row.content, "completion": "Today."}, by=None)
        with told("freeze the second version"):
            second = services.freeze(dataset=dataset)
        with told("search in the draft"):
            dataset.draft.filter(text__icontains="number 777 ").count()
        with told("find the duplicates"):
            dataset.draft.duplicates().count()
        with told("compare the two versions"):
            services.difference(first, second)["added"].count()
        with told("read the train split"):
            services.rows_for(owner.workspace.pk, "large@2", "train")
        with told("count the statistics, near duplicates among them"):
            statistics.count(second)


def content(number: int) -> dict[str, str]:
    said = f"It left the depot {number % 7} hours ago and arrives on day {number % 31}. " * 3
    asked = f"Where is parcel number {number} on its way to the depot in town {number % 977}?"
    return {"prompt": asked, "completion": said}


@contextmanager
def told(what: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    print(f"{what}: {time.perf_counter() - began:.2f} s", flush=True)


if __name__ == "__main__":
    main()
