"""Agreement beyond chance, against cases worked by hand and by the methods' authors."""

import pytest

from flowbuilder.feedback.agreement import agreement, cohen_kappa, krippendorff_alpha
from flowbuilder.feedback.models import Rating
from flowbuilder.feedback.services import rate


def test_kappa_by_hand():
    """20 both yes, 15 both no, 5 and 10 apart: observed 0.7, expected 0.5 * 0.6 + 0.5 * 0.4 = 0.5."""
    rated = [(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15
    assert cohen_kappa(rated) == pytest.approx(0.4)


def test_alpha_as_krippendorff_worked_it():
    """Krippendorff 2011: section A (two observers, binary) and C (four observers, some ratings missing)."""
    meg, owen = "0100000010", "1110010000"
    assert krippendorff_alpha(list(zip(meg, owen, strict=True))) == pytest.approx(0.095, abs=0.0005)
    units = ["111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "555", "11", "3"]
    units = [list(unit) for unit in units]
    assert krippendorff_alpha(units) == pytest.approx(0.743, abs=0.0005)


def test_all_alike_is_no_figure():
    assert cohen_kappa([(1, 1)] * 5) is None
    assert krippendorff_alpha([[1, 1], [1, 1]]) is None


@pytest.mark.django_db
def test_of_ratings(asker, as_teammate, make_run):
    assert agreement(Rating.objects.all()) is None
    for mine, theirs in [(True, True), (True, False), (False, False)]:
        run = make_run()
        rate(asker=asker, run=run, kind="thumbs", up=mine)
        if theirs:
            rate(asker=as_teammate, run=run, kind="thumbs", up=True)
        else:
            rate(asker=as_teammate, run=run, kind="correction", correction="Another.")
    rate(asker=asker, run=make_run(), kind="thumbs", up=True)
    found = agreement(Rating.objects.all())
    assert (found.measure, found.answers, found.people, found.is_thin) == ("Cohen's kappa", 3, 2, True)
    assert (found.value, found.same) == (pytest.approx(0.4), pytest.approx(2 / 3))
