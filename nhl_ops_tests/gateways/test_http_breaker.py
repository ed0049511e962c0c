"""Breakers over a state file: open after outages in a row, for every process, until the pause is over."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhl_ops.domain.failures import VendorContract, VendorDenied, VendorError, VendorOutage
from nhl_ops.gateways.clock import FixedClock
from nhl_ops.gateways.http_breaker import Breaker, BreakerPolicy, CircuitOpen, breaker_name, worst
from nhl_ops.gateways.http_limits import BudgetSpent, NotAsked
from nhl_ops.gateways.http_memory import BreakerRow, HttpMemory, HttpNotes, Validators
from nhl_ops.gateways.state import State
from nhl_ops.gateways.vendor import VendorRequest

NOON = datetime(2026, 1, 5, 17, tzinfo=UTC)
POLICY = BreakerPolicy(failures=3, pause_sec=300)
REQUEST = VendorRequest("unabated_board", "https://content.unabated.com/board?token=s3cr3t")
NAME = "UNABATED@content.unabated.com"
PAUSE = timedelta(seconds=300)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def memory(tmp_path: Path, clock: FixedClock) -> HttpMemory:
    return HttpMemory(tmp_path / "data" / "state.sqlite", clock.now)


@pytest.fixture
def notes(memory: HttpMemory) -> Iterator[HttpNotes]:
    with memory.open() as notes:
        yield notes


@pytest.fixture
def breaker(notes: HttpNotes) -> Breaker:
    return Breaker(notes, POLICY, NAME)


def outage() -> VendorOutage:
    return VendorOutage("unabated_board", "https://content.unabated.com/board", "connection refused")


def ask(breaker: Breaker, failure: Exception | None = None) -> None:
    """One request with this outcome; a failure comes out as it is."""
    if failure is None:
        with breaker.watching(REQUEST):
            return
    with pytest.raises(type(failure)) as caught, breaker.watching(REQUEST):
        raise failure
    assert caught.value is failure


def is_asked(breaker: Breaker) -> bool:
    try:
        with breaker.watching(REQUEST):
            return True
    except CircuitOpen:
        return False


def trip(breaker: Breaker) -> None:
    for _ in range(POLICY.failures):
        ask(breaker, outage())


def test_outages_in_a_row_open_it_and_the_vendor_is_not_asked(breaker: Breaker) -> None:
    ask(breaker, outage())
    ask(breaker, outage())
    assert breaker.state == "closed"
    ask(breaker, outage())
    assert breaker.state == "open"
    assert not is_asked(breaker)


def test_an_open_breaker_says_until_when_and_what_to_do(breaker: Breaker) -> None:
    trip(breaker)
    with pytest.raises(CircuitOpen) as caught, breaker.watching(REQUEST):
        pytest.fail("asked")
    failure = caught.value.at(slate="2026-01-05")
    assert isinstance(failure, VendorOutage)
    assert isinstance(failure, NotAsked)
    assert (
        "content.unabated.com failed 3 times in a row and is left alone until 2026-01-05 17:05:00 UTC"
        in str(failure)
    )
    assert "wait until 2026-01-05 17:05:00 UTC, then `nhl-ops run-daily --date 2026-01-05 --all`" in str(
        failure
    )
    assert "s3cr3t" not in str(failure)


def test_a_success_between_outages_starts_the_count_anew(breaker: Breaker) -> None:
    for _ in range(5):
        ask(breaker, outage())
        ask(breaker, outage())
        ask(breaker)
    assert breaker.state == "closed"


@pytest.mark.parametrize("kind", [VendorContract, VendorDenied])
def test_an_answer_that_is_refused_is_a_sign_of_life(breaker: Breaker, kind: type[VendorError]) -> None:
    for _ in range(5):
        ask(breaker, outage())
        ask(breaker, outage())
        ask(breaker, kind("unabated_board", "", "no"))
    assert breaker.state == "closed"


@pytest.mark.parametrize(
    "failure", [BudgetSpent("b", "", "spent"), ValueError("a defect"), KeyboardInterrupt()]
)
def test_what_says_nothing_of_the_vendor_counts_for_nothing(
    breaker: Breaker, notes: HttpNotes, failure: BaseException
) -> None:
    ask(breaker, outage())
    ask(breaker, outage())
    for _ in range(3):
        with pytest.raises(type(failure)), breaker.watching(REQUEST):
            raise failure
    assert notes.breaker(NAME) == BreakerRow("closed", 2)


def test_after_the_pause_one_request_is_on_trial(breaker: Breaker, clock: FixedClock) -> None:
    trip(breaker)
    clock.instant += PAUSE - timedelta(seconds=1)
    assert not is_asked(breaker)
    clock.instant += timedelta(seconds=1)
    assert breaker.state == "half-open"
    ask(breaker, outage())
    assert breaker.state == "open"
    assert not is_asked(breaker)


def test_a_trial_that_succeeds_closes_it_and_leaves_no_row(
    breaker: Breaker, notes: HttpNotes, clock: FixedClock
) -> None:
    trip(breaker)
    clock.instant += PAUSE
    ask(breaker)
    assert breaker.state == "closed"
    assert notes.breaker(NAME) == BreakerRow()
    ask(breaker, outage())
    assert breaker.state == "closed"


def test_a_trial_that_was_interrupted_is_tried_again(breaker: Breaker, clock: FixedClock) -> None:
    trip(breaker)
    clock.instant += PAUSE
    with pytest.raises(KeyboardInterrupt), breaker.watching(REQUEST):
        raise KeyboardInterrupt
    assert breaker.state == "half-open"
    ask(breaker)
    assert breaker.state == "closed"


def test_another_process_finds_it_open(breaker: Breaker, memory: HttpMemory) -> None:
    trip(breaker)
    with HttpMemory(memory.path, memory.now).open() as notes:
        assert not is_asked(Breaker(notes, POLICY, NAME))


def test_outages_of_several_processes_add_up(memory: HttpMemory) -> None:
    for _ in range(POLICY.failures):
        with memory.open() as notes:
            ask(Breaker(notes, POLICY, NAME), outage())
    with memory.open() as notes:
        assert Breaker(notes, POLICY, NAME).state == "open"


def test_failures_at_the_same_moment_are_all_counted(memory: HttpMemory) -> None:
    def fail(_: int) -> None:
        with memory.open() as notes:
            notes.add_failure(NAME)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(fail, range(40)))
    with memory.open() as notes:
        assert notes.breaker(NAME).failures == 40


def test_vendors_at_one_host_and_hosts_of_one_vendor_are_apart(notes: HttpNotes, breaker: Breaker) -> None:
    trip(breaker)
    others = [breaker_name("NHL", REQUEST.url), breaker_name("UNABATED", "https://data.unabated.com/x")]
    assert all(is_asked(Breaker(notes, POLICY, name)) for name in others)
    assert breaker_name("UNABATED", "https://user:key@content.unabated.com/board") == NAME


def test_failures_a_day_apart_are_no_series(breaker: Breaker, notes: HttpNotes, clock: FixedClock) -> None:
    ask(breaker, outage())
    ask(breaker, outage())
    clock.instant += timedelta(days=1, seconds=1)
    ask(breaker, outage())
    assert notes.breaker(NAME).failures == 1


def test_its_tables_lie_beside_the_states_own(tmp_path: Path, clock: FixedClock) -> None:
    state = State(tmp_path / "state.sqlite")
    with HttpMemory(state.path, clock.now).open() as notes:
        notes.add_failure(NAME)
        state.record_capture("UNABATED", "2026-01-05", NOON)
    assert state.captured_times("UNABATED", "2026-01-05") == {NOON}


def test_the_worst_state_of_several_is_told() -> None:
    assert worst(iter(["closed", "half-open", "open", "closed"])) == "open"
    assert worst(iter(["closed", "half-open"])) == "half-open"
    assert worst(iter([])) == "closed"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["ok", "outage", "wait"]), max_size=25))
def test_it_is_open_exactly_while_the_pause_after_a_series_lasts(
    tmp_path: Path, clock: FixedClock, outcomes: list[str]
) -> None:
    clock.instant = NOON
    failures, open_until, on_trial = 0, None, False
    with HttpMemory(tmp_path / "state.sqlite", clock.now).open() as notes:
        notes.set_breaker(NAME, BreakerRow())
        breaker = Breaker(notes, POLICY, NAME)
        for outcome in outcomes:
            if outcome == "wait":
                clock.instant += PAUSE / 2
                continue
            if open_until is not None and clock.instant < open_until:
                assert not is_asked(breaker)
                continue
            on_trial = open_until is not None
            if outcome == "ok":
                ask(breaker)
                failures, open_until = 0, None
                continue
            ask(breaker, outage())
            failures += 1
            if on_trial or failures >= POLICY.failures:
                open_until = clock.instant + PAUSE


# -- validators ----------------------------------------------------------------------------------------------


def test_validators_are_kept_by_vendor_and_url_and_replaced(notes: HttpNotes) -> None:
    notes.set_validators("NHL", "u", Validators("a" * 64, '"1"'))
    notes.set_validators("NHL", "u", Validators("b" * 64, None, "Mon, 05 Jan 2026 17:00:00 GMT"))
    assert notes.validators("NHL", "u") == Validators("b" * 64, None, "Mon, 05 Jan 2026 17:00:00 GMT")
    assert notes.validators("NHL", "u2") is None
    assert notes.validators("UNABATED", "u") is None


def test_forgotten_validators_are_gone(notes: HttpNotes) -> None:
    notes.set_validators("NHL", "u", Validators("a" * 64, '"1"'))
    notes.set_validators("NHL", "u", None)
    assert notes.validators("NHL", "u") is None


def test_a_request_carries_what_the_vendor_gave() -> None:
    assert Validators("h", '"1"').headers == {"If-None-Match": '"1"'}
    assert Validators("h", None, "Mon").headers == {"If-Modified-Since": "Mon"}
