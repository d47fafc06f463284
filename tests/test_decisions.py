"""Each decision has a number of its own, which its title says."""

from django.conf import settings

RECORDS = sorted((settings.BASE_DIR / "docs" / "decisions").glob("[0-9]*.md"))


def test_no_two_decisions_share_a_number():
    numbers = [record.name[:4] for record in RECORDS]
    taken_twice = sorted({number for number in numbers if numbers.count(number) > 1})
    assert not taken_twice, f"give one of each the next free number: {taken_twice}"


def test_a_title_begins_with_its_number():
    wrong = [
        record.name for record in RECORDS if not record.read_text().startswith(f"# {int(record.name[:4])}. ")
    ]
    assert not wrong
