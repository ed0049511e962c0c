"""Rates by host and the budget of a run, on clocks that move by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from pytest_httpserver import HTTPServer

from nhl_ops.domain.failures import VendorOutage
from nhl_ops.gateways.http import HttpClient, HttpPolicy
from nhl_ops.gateways.http_limits import Budget, BudgetSpent, HostLimiter, is_loopback, rate_of
from nhl_ops.gateways.vendor import VendorRequest
from nhl_ops_tests.gateways.wire_servers import Hands

REQUEST = VendorRequest("vendor_board", "https://vendor.example/board")


def limiter(hands: Hands, per_sec: float = 5.0, **by_host: float) -> HostLimiter:
    named = {host.replace("_", "."): rate for host, rate in by_host.items()}
    return HostLimiter(per_sec, named, hands.elapsed, hands.sleep)


def moments(hands: Hands, of: HostLimiter, host: str, times: int) -> list[float]:
    began = hands.seconds
    found = []
    for _ in range(times):
        assert of.try_acquire(host)
        found.append(hands.seconds - began)
    return found


def test_so_many_requests_a_second_go_at_once_and_the_next_waits() -> None:
    hands = Hands()
    assert moments(hands, limiter(hands, 2.0), "vendor.example", 5) == pytest.approx(
        [0, 0, 1, 1, 2], abs=0.01
    )


def test_a_host_with_a_rate_of_its_own_keeps_it() -> None:
    hands = Hands()
    assert moments(hands, limiter(hands, data_unabated_com=0.2), "data.unabated.com", 3) == pytest.approx(
        [0, 5, 10], abs=0.01
    )


def test_hosts_do_not_wait_for_each_other() -> None:
    hands = Hands()
    one = limiter(hands, 1.0)
    assert [moments(hands, one, host, 1) for host in ("a.example", "b.example", "c.example")] == [[0.0]] * 3


def test_a_hosts_ports_and_its_user_share_one_rate() -> None:
    hands = Hands()
    one = limiter(hands, 1.0)
    one.try_acquire("user:key@vendor.example:8443")
    one.try_acquire("vendor.example")
    assert sum(hands.slept) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("host", ["127.0.0.1:51234", "127.8.8.8", "[::1]:80", "localhost:8000"])
def test_loopback_has_no_limit(host: str) -> None:
    hands = Hands()
    moments(hands, limiter(hands, 0.01), host, 500)
    assert hands.slept == []


def test_a_loopback_host_that_is_named_has_its_limit() -> None:
    hands = Hands()
    one = HostLimiter(5.0, {"127.0.0.1": 0.5}, hands.elapsed, hands.sleep)
    assert moments(hands, one, "127.0.0.1:51234", 2) == pytest.approx([0, 2], abs=0.01)


@pytest.mark.parametrize("host", ["127.0.0.1.example", "10.0.0.1", "content.unabated.com", ""])
def test_other_hosts_are_not_loopback(host: str) -> None:
    assert not is_loopback(host)


@given(st.floats(min_value=0.001, max_value=1000, allow_subnormal=False))
def test_any_rate_is_a_whole_number_of_requests_in_whole_milliseconds(per_sec: float) -> None:
    rate = rate_of(per_sec)
    assert rate.limit >= 1
    assert rate.limit / rate.interval * 1000 == pytest.approx(per_sec, rel=0.5)


def test_the_client_keeps_the_rate_of_a_named_host(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/board").respond_with_json({})
    hands = Hands()
    policy = HttpPolicy(requests_per_sec_by_host={httpserver.host: 0.2, "127.0.0.1": 0.2})
    with HttpClient(policy, hands.elapsed, hands.sleep) as http:
        for _ in range(3):
            http.get(VendorRequest("vendor_board", httpserver.url_for("/board")))
    assert sum(hands.slept) == pytest.approx(10.0, abs=0.01)


def test_a_429_does_not_wait_twice(httpserver: HTTPServer) -> None:
    """Once as Retry-After says, not again for the limiter to fill up."""
    httpserver.expect_ordered_request("/board").respond_with_data(
        "", status=429, headers={"Retry-After": "7"}
    )
    httpserver.expect_ordered_request("/board").respond_with_json({})
    hands = Hands()
    with HttpClient(HttpPolicy(), hands.elapsed, hands.sleep) as http:
        http.get(VendorRequest("vendor_board", httpserver.url_for("/board")))
    assert hands.slept == [7]


@pytest.mark.parametrize("rate", [0, -1.0])
def test_a_rate_of_nothing_is_refused(rate: float) -> None:
    with pytest.raises(ValidationError, match="greater than 0"):
        HttpPolicy(requests_per_sec=rate)


# -- budget --------------------------------------------------------------------------------------------------


def test_requests_beyond_the_budget_are_an_outage_that_names_it_and_what_to_do() -> None:
    budget = Budget(max_requests=2)
    budget.take(REQUEST, REQUEST.url)
    budget.take(REQUEST, REQUEST.url)
    with pytest.raises(BudgetSpent) as caught:
        budget.take(REQUEST, REQUEST.url)
    assert isinstance(caught.value, VendorOutage)
    assert "this run's budget of 2 requests for asking vendors is used up" in str(caught.value)
    assert "raise run_max_requests in config/vendors.toml [http]" in str(caught.value)


def test_only_the_time_spent_asking_counts() -> None:
    hands = Hands()
    budget = Budget(max_sec=10.0, elapsed=hands.elapsed)
    for _ in range(3):
        with budget.spending():
            budget.take(REQUEST, REQUEST.url)
            hands.seconds += 3
        hands.seconds += 100
    assert budget.spent_sec == 9.0
    with budget.spending():
        hands.seconds += 1
        with pytest.raises(BudgetSpent, match=r"budget of 10 s .* raise run_max_sec"):
            budget.take(REQUEST, REQUEST.url)


def test_without_limits_all_is_let_through() -> None:
    budget = Budget()
    for _ in range(1000):
        budget.take(REQUEST, REQUEST.url)
    assert budget.requests == 1000
