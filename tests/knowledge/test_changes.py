"""Whatever changes what is searched leaves a note in the outbox, in the same transaction."""

import pytest

from flowbuilder.knowledge import services, storage
from flowbuilder.knowledge.changes import note
from flowbuilder.knowledge.models import IndexChange, Passage

pytestmark = pytest.mark.django_db


@pytest.fixture
def base(asker):
    return services.create_base(asker=asker, name="Protocol")


def noted(base):
    return list(IndexChange.objects.filter(base=base).order_by("id").values_list("passage_id", flat=True))


def test_notes_are_in_the_order_of_the_changes(base):
    note(base, [3, 1])
    note(base.pk, iter([2]))
    assert noted(base) == [3, 1, 2]


def test_a_deleted_documents_passages_are_noted(base, asker, django_capture_on_commit_callbacks):
    document = services.add_document(base=base, name="parcel.md", data=b"# Parcel")
    storage.write_text(document, "# Parcel\r\n")
    searched, parent = (
        Passage.objects.create(base=base, document=document, ordinal=n, text="x", searched=not n)
        for n in (0, 1)
    )
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_document(document, asker=asker)
    assert noted(base) == [searched.pk] and parent.pk
    assert not storage.text_path_of(document).exists()


def test_the_text_is_kept_to_the_character(base):
    document = services.add_document(base=base, name="parcel.md", data=b"# Parcel")
    storage.write_text(document, "包裹\r\nparcel\n\x0bend")
    assert storage.read_text(document) == "包裹\r\nparcel\n\x0bend"
