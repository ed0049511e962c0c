"""Which kinds of nothing change a run's exit code."""

import pytest

from nhl_ops.domain.run_summary import RunStatus, ended_well
from nhl_ops.domain.slates import SlateOutcome

OF_VENDORS = {SlateOutcome.VENDOR_DOWN, SlateOutcome.REJECTED}


@pytest.mark.parametrize("outcome", list(SlateOutcome))
def test_a_vendor_degrades_a_run_if_it_was_asked_and_failed(outcome: SlateOutcome) -> None:
    ended = ended_well([SlateOutcome.OK, outcome], incomplete=False)
    assert (ended is RunStatus.DEGRADED) is (outcome in OF_VENDORS)


@pytest.mark.parametrize("outcome", list(SlateOutcome))
def test_a_slate_degrades_a_run_if_nobody_was_asked_for_it_that_could_be(outcome: SlateOutcome) -> None:
    ended = ended_well([], [SlateOutcome.OK, outcome], incomplete=False)
    assert (ended is RunStatus.DEGRADED) is (outcome is SlateOutcome.NOT_ASKED)


def test_what_is_held_or_not_published_degrades_a_run() -> None:
    assert ended_well([SlateOutcome.OK], [SlateOutcome.OK], incomplete=True) is RunStatus.DEGRADED
