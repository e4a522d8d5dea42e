"""How two sorted lists of chances are compared beside the peer."""

import pytest

from sortition.measures_draw import below


def test_the_first_difference_decides():
    assert below([0.1, 0.2, 0.3], [0.1, 0.1, 0.9]) == 0
    assert below([0.1, 0.2, 0.9], [0.1, 0.3, 0.3]) == pytest.approx(0.1)


def test_what_was_given_up_hair_by_hair_may_come_back():
    assert below([0.1, 0.1, 0.2], [0.1 - 9e-7, 0.1 - 9e-7, 0.2 + 2.5e-6]) == 0
    assert below([0.1, 0.1, 0.2], [0.1, 0.1, 0.2 + 2.5e-6]) > 0
