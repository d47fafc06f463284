"""Personal data by form and check digit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.language.personal import FORMS, chinese_id, findings, luhn, masked, mod97

EVERY = tuple(FORMS)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Write to ann.lee+x@post.example.co.uk.", "e-mail"),
        ("邮箱：li@example.cn，谢谢", "e-mail"),
        ("card 4111 1111 1111 1111, thanks", "card"),
        ("378282246310005", "card"),
        ("IBAN DE89 3704 0044 0532 0130 00", "bank account"),
        ("GB82WEST12345698765432", "bank account"),
        ("身份证号11010519491231002X。", "Chinese ID"),
        ("SSN 123-45-6789", "social security"),
        ("call +44 20 7946 0958", "phone"),
        ("电话13812345678", "phone"),
        ("(415) 555-2671 is the number", "phone"),
    ],
)
def test_what_has_the_form_and_the_check_digit_is_found(text, kind):
    assert [finding.kind for finding in findings(text, EVERY)] == [kind]
    assert masked(text, findings(text, EVERY)).count(f"[{kind}]") == 1


@pytest.mark.parametrize(
    "text",
    [
        "order 4111 1111 1111 1112",
        "1234567890123456789",
        "DE89 3704 0044 0532 0130 01",
        "110105194912310021",
        "11010519491331002X",
        "000-12-3456",
        "2024-05-17 at 10:30",
        "version 1.2.3.4, build 20240517",
        "a@b and @home",
        "0000 0000 0000 0000",
        "EPSG:4326 and 12345678",
    ],
)
def test_what_only_looks_so_is_not(text):
    assert findings(text, EVERY) == []


def test_several_are_masked_in_their_places_and_only_the_kinds_that_are_asked_for():
    text = "Ann, ann@x.example, 4111111111111111, +44 20 7946 0958."
    found = findings(text, EVERY)
    assert masked(text, found) == "Ann, [e-mail], [card], [phone]."
    assert masked(text, findings(text, {"card"})) == "Ann, ann@x.example, [card], +44 20 7946 0958."


@given(st.integers(10**12, 10**18 - 1))
def test_a_luhn_digit_checks_each_digit(number):
    digits = str(number)
    (right,) = [last for last in "0123456789" if luhn(digits + last)]
    changed = str((int(digits[3]) + 1) % 10)
    assert not luhn(digits[:3] + changed + digits[4:] + right)


@given(st.text("0123456789", min_size=18, max_size=18), st.integers(0, 17), st.integers(1, 9))
def test_an_iban_that_is_mistyped_in_a_digit_is_none(account, place, more):
    check = 98 - int(account + "131400") % 97
    right = f"DE{check:02}{account}"
    changed = account[:place] + str((int(account[place]) + more) % 10) + account[place + 1 :]
    assert mod97(right) and not mod97(f"DE{check:02}{changed}")


def test_a_chinese_id_is_that_of_a_day():
    assert chinese_id("11010519491231002X") and not chinese_id("110105194912310020")
