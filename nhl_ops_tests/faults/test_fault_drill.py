"""Every vendor and every fault over a real socket: `expected.py` says what must come of it."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest

from nhl_ops.cli.fault_drill import as_json
from nhl_ops.defs.fault_drill import Drill, open_drill
from nhl_ops.defs.fault_drill_house import LARGE, SUBJECTS
from nhl_ops.defs.fault_drill_league import KINDS
from nhl_ops.defs.house import PROJECT_ROOT
from nhl_ops.domain.fault_drill import FaultCase
from nhl_ops.gateways.config_files import load_settings
from nhl_ops_tests.faults.expected import ANSWERS, MATRIX, Expected, expected
from nhl_ops_tests.gateways.wire_samples import require_unlike

MOST_MEMORY = 24_000_000
"""Python's, for bodies of 1 MB; a refused body of 20 MB must stay near the configured 2 MB."""
FEW_OUTAGE_WAITS = 3


@pytest.fixture(scope="session")
def drill() -> Iterator[Drill]:
    with open_drill(load_settings(PROJECT_ROOT / "config")) as running:
        yield running


@pytest.fixture(scope="session")
def sound(drill: Drill) -> Callable[[str], FaultCase]:
    """A vendor without a fault, by its name."""
    return cache(lambda name: drill.run(SUBJECTS[name], "none"))


def share(part: int, whole: int) -> str:
    if part == whole:
        return "all"
    return "more" if part > whole else "some" if part else "none"


def told(case: FaultCase, sound: FaultCase) -> Expected:
    return Expected(
        outcome=case.outcome.value,
        rows=share(case.accepted, sound.accepted),
        priced=share(case.priced, sound.priced),
        rules=tuple(sorted(case.quarantined_by_rule)),
        error=case.error_class,
        attempts=None if case.attempts == sound.attempts else case.attempts,
        status=case.status,
        repeats=case.duplicate > 0,
        other_slate=case.other_slate > 0,
        unmapped=case.review > sound.review,
        is_hit=case.hits > 0,
    )


@pytest.mark.parametrize(("subject", "kind"), MATRIX)
def test_a_fault_comes_to_what_is_documented(
    drill: Drill, sound: Callable[[str], FaultCase], subject: str, kind: str
) -> None:
    case, whole = drill.run(SUBJECTS[subject], kind), sound(subject)
    wanted = expected(subject, kind)
    attempts = None if wanted.attempts == whole.attempts else wanted.attempts
    found = told(case, whole)
    assert found == Expected(**{**vars(wanted), "attempts": attempts, "unmapped": found.unmapped}), case
    assert found.unmapped or not wanted.unmapped, "strangers wait for a review"
    assert case.is_balanced
    assert case.others == whole.others, "the other vendors' rows are all there"
    assert case.peak_bytes < MOST_MEMORY
    assert as_json([case]), "a case can be written"
    assert set(found.rules) <= set(case.letters)
    for detail in case.letters.values():
        require_unlike(detail)
    if found.rows == "some":
        assert case.accepted + case.quarantined == whole.accepted, "what is not accepted is quarantined"


def test_every_kind_of_fault_has_an_answer() -> None:
    assert set(ANSWERS) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(LARGE))
def test_a_body_that_is_too_large_is_never_held_whole(drill: Drill, kind: str) -> None:
    limits = drill.league.settings.policy.drill
    case = drill.run(SUBJECTS["UNABATED"], kind)
    assert case.peak_bytes < 2 * limits.max_body_bytes < limits.sent_bytes


def test_an_outage_is_tried_again_with_growing_pauses(drill: Drill) -> None:
    waits = drill.run(SUBJECTS["UNABATED"], "status_503").waits
    assert len(waits) == FEW_OUTAGE_WAITS
    assert waits[0] == 0
    assert 1.0 <= waits[1] <= waits[2] <= 2.5


def test_retry_after_takes_the_place_of_the_pauses(drill: Drill) -> None:
    assert drill.run(SUBJECTS["UNABATED"], "status_429_retry_after").waits == (1, 1, 1)


def test_an_nhl_without_a_schedule_holds_the_slate(drill: Drill) -> None:
    case = drill.run(SUBJECTS["NHL"], "status_503")
    assert case.status.exit_code == 1
    assert case.held is not None
    assert "never captured" in case.held
