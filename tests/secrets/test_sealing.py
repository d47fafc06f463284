"""What is sealed is opened by the same installation, for the same row, and by nobody else."""

import pytest

from flowbuilder.secrets.sealing import CannotOpen, seal, unseal

VALUE = "sk-Zürich-42"


def test_sealed_and_opened():
    sealed = seal("w/1", VALUE, ["api.example.com"])
    assert VALUE not in sealed and "example" not in sealed
    opened = unseal("w/1", sealed)
    assert (opened.value, opened.hosts) == (VALUE, ("api.example.com",))
    assert seal("w/1", VALUE, ["api.example.com"]) != sealed


def test_a_value_moved_to_another_row_opens_nothing():
    with pytest.raises(CannotOpen):
        unseal("w/2", seal("w/1", VALUE, ["a.example"]))


@pytest.mark.parametrize("change", [lambda s: s[:-4] + "AAAA", lambda s: "00000000" + s[8:], lambda s: ""])
def test_what_was_changed_opens_nothing(change):
    with pytest.raises(CannotOpen):
        unseal("w/1", change(seal("w/1", VALUE, ["a.example"])))


def test_another_installation_opens_nothing_but_a_former_key_does(settings):
    sealed, former = seal("w/1", VALUE, ["a.example"]), settings.SECRET_KEY
    settings.SECRET_KEY = "another"
    with pytest.raises(CannotOpen):
        unseal("w/1", sealed)
    settings.FLOWBUILDER_OLD_SECRET_KEYS = [former]
    assert unseal("w/1", sealed).value == VALUE
