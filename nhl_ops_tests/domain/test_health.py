"""What findings mean together."""

import pytest

from nhl_ops.domain.health import Finding, Level, days_left, exit_code


@pytest.mark.parametrize(
    ("levels", "code"),
    [
        ([], 0),
        ([Level.OK, Level.OK], 0),
        ([Level.OK, Level.WARN], 3),
        ([Level.WARN, Level.BAD, Level.OK], 1),
    ],
)
def test_the_worst_finding_is_the_exit_code(levels: list[Level], code: int) -> None:
    assert exit_code([Finding("store", level, "told") for level in levels]) == code


def test_a_disk_lasts_as_long_as_the_project_grows_as_before() -> None:
    assert days_left(free_bytes=700, grown_bytes=70, days=7) == pytest.approx(70)


def test_a_project_that_does_not_grow_fills_no_disk() -> None:
    assert days_left(700, 0, 7) is None
