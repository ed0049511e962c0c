"""Plans: whom they meet, when, how often; how they come and go; what is refused."""

from argparse import ArgumentTypeError
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from nhl_ops.defs.house import PROJECT_ROOT
from nhl_ops.defs.league_control import (
    LeagueChoice,
    configured_faults,
    force_failures,
    forced_failures,
    league_process,
    serve_arguments,
)
from nhl_ops.domain.failures import ConfigError, MissingInput
from nhl_ops.domain.settings import LeagueKind, LeaguePolicy
from nhl_ops.gateways.config_files import load_settings
from nhl_ops.league.dead_hosts import refusing_host
from nhl_ops.league.server.faults import FaultPlan, PlanError, plan_of_argument, read_plan
from nhl_ops.league.server.main import fault_plan
from nhl_ops.league.server.runner import LeagueServer
from nhl_ops.league.store import save_dataset
from nhl_ops_tests.league import tiny
from nhl_ops_tests.league.asking import CDN, KEY, PLAYNOW, STATS
from nhl_ops_tests.league.fault_client import PATH, counts, fail, mend

NOON = "2026-01-05T21:00:00+00:00"
BOARD = f"{CDN}?v=1"
KEYED = "/unabated-api/bettype"
EVENTS = f"{PLAYNOW}/event-list?drilldownTagIds=220"
SCHEDULE = "/nhl-web/v1/schedule/2026-01-05"
REPORT = f"{STATS}/skater/summary?isGame=true&limit=-1"
DOWN = {"vendor": "UNABATED", "kind": "status_503"}


@pytest.fixture(scope="module")
def server() -> Iterator[LeagueServer]:
    with LeagueServer(tiny.tiny_league(), now=tiny.instant(NOON)) as running:
        yield running


@pytest.fixture
def url(server: LeagueServer) -> Iterator[str]:
    yield server.url
    mend(server.url)
    server.clock.move_to(tiny.instant(NOON))


def status(url: str, path: str = BOARD) -> int:
    return requests.get(url + path, headers=KEY, timeout=10).status_code


def statuses(url: str) -> list[int]:
    return [status(url, path) for path in (BOARD, KEYED, EVENTS, SCHEDULE, REPORT)]


def test_one_vendor_fails_on_all_of_its_mounts_and_no_other_does(url: str) -> None:
    assert statuses(url) == [200] * 5
    fail(url, DOWN)
    assert statuses(url) == [503, 503, 200, 200, 200]
    fail(url, DOWN | {"vendor": "nhl"})
    assert statuses(url) == [200, 200, 200, 503, 503]


@pytest.mark.parametrize("mount", ["unabated-cdn", "/unabated-cdn", "/unabated-cdn/"])
def test_a_mount_fails_alone(url: str, mount: str) -> None:
    fail(url, DOWN | {"vendor": mount})
    assert statuses(url) == [503, 200, 200, 200, 200]


def test_a_path_is_a_glob_below_the_mount(url: str) -> None:
    fail(url, {"vendor": "NHL", "kind": "status_500", "path": "/v1/sched*"})
    assert statuses(url) == [200, 200, 200, 500, 200]


def test_the_first_rule_that_fits_counts(url: str) -> None:
    fail(url, DOWN | {"path": "/bettype", "kind": "status_404"}, DOWN)
    assert statuses(url)[:2] == [503, 404]
    assert counts(url) == [(1, 0), (1, 0)]


def test_a_window_follows_the_virtual_clock(url: str, server: LeagueServer) -> None:
    fail(url, DOWN | {"from": "2026-01-05T21:30:00Z", "until": "2026-01-05T17:00:00-05:00"})
    seen = {}
    for minute in ("21:29", "21:30", "21:59", "22:00"):
        server.clock.move_to(tiny.instant(f"2026-01-05T{minute}Z"))
        seen[minute] = status(url)
    assert seen == {"21:29": 200, "21:30": 503, "21:59": 503, "22:00": 200}


def test_so_many_requests_fail_and_then_no_more(url: str) -> None:
    fail(url, DOWN | {"times": 2})
    assert [status(url) for _ in range(4)] == [503, 503, 200, 200]
    assert counts(url) == [(2, 0)]


def test_probability_is_drawn_by_the_seed(url: str) -> None:
    def drawn(seed: int) -> list[int]:
        fail(url, DOWN | {"probability": 0.5}, seed=seed)
        return [status(url) for _ in range(12)]

    first = drawn(1)
    assert set(first) == {200, 503}
    assert drawn(1) == first
    assert drawn(2) != first


def test_a_body_with_nothing_to_change_goes_out_as_it_is_and_is_counted_apart(url: str) -> None:
    fail(url, {"vendor": "UNABATED", "kind": "price_0", "times": 1})
    assert status(url, KEYED) == 200
    assert counts(url) == [(0, 1)]
    assert status(url) == 200
    assert counts(url) == [(1, 1)]


def test_the_control_path_never_fails(url: str) -> None:
    fail(url, *({"vendor": v, "kind": "connection_refused"} for v in ("NHL", "UNABATED", "PLAYNOW")))
    for path in ("clock", "health", "capture-times?slate=2026-01-05", "faults", "faults/kinds"):
        assert status(url, f"/__league__/{path}") == 200
    assert counts(url) == [(0, 0)] * 3


def test_a_plan_is_shown_as_it_was_given_and_replaces_the_one_of_its_name(url: str) -> None:
    rule = {"vendor": "PLAYNOW", "kind": "huge_body", "size_bytes": 10, "from": "2026-01-05T00:00:00Z"}
    shown = fail(url, rule, seed=3)
    assert shown == requests.get(url + PATH, timeout=10).json()
    assert shown == {
        "plans": [{"name": "plan", "seed": 3, "rules": [rule | {"hits": 0, "unchanged": 0}]}],
    }
    assert [len(plan["rules"]) for plan in fail(url, DOWN, DOWN)["plans"]] == [2]
    assert fail(url) == {"plans": []}


def test_plans_of_two_names_stand_side_by_side_and_go_one_by_one(url: str) -> None:
    fail(url, DOWN | {"kind": "status_500"})
    fail(url, DOWN, name="other")
    assert status(url) == 503
    requests.delete(url + PATH, params={"name": "other"}, timeout=10).raise_for_status()
    assert status(url) == 500
    requests.delete(url + PATH, timeout=10).raise_for_status()
    assert status(url) == 200


BAD_PLANS: list[tuple[Any, str]] = [
    (
        [DOWN | {"kind": "status_418"}],
        "rules.0.kind: 'status_418' is no kind of fault; allowed: connection_ref",
    ),
    ([DOWN | {"vendor": "DRAFTKINGS"}], "rules.0.vendor: 'DRAFTKINGS' is no vendor; allowed: NHL, UNABATED"),
    ([DOWN | {"chance": 1}], "rules.0.chance is no key of a fault plan; allowed: size_bytes"),
    ({"rule": []}, "rule is no key of a fault plan; allowed: rules, seed, name"),
    ([DOWN | {"size_bytes": 5}], "status_503 does not take size_bytes; it takes no option"),
    ([DOWN | {"kind": "huge_body", "depth": 5}], "huge_body does not take depth; it takes size_bytes"),
    ([DOWN | {"probability": 0}], "rules.0.probability: Input should be greater than 0"),
    ([DOWN | {"times": 0}], "rules.0.times: Input should be greater than or equal to 1"),
    ([DOWN | {"from": "2026-01-05T21:30:00"}], "rules.0.from: Input should have timezone info"),
    ([{"vendor": "NHL"}], "rules.0.kind: Field required"),
    ("soon", "plan: Input should be"),
]


@pytest.mark.parametrize(("plan", "told"), BAD_PLANS)
def test_a_bad_plan_is_refused_with_what_is_allowed_and_changes_nothing(
    url: str, plan: Any, told: str
) -> None:
    before = fail(url, DOWN)
    answer = requests.post(url + PATH, json=plan, timeout=10)
    assert answer.status_code == 400
    assert told in answer.json()["message"]
    assert requests.get(url + PATH, timeout=10).json() == before


def test_a_plan_that_is_not_json_is_refused(url: str) -> None:
    answer = requests.post(url + PATH, data=b"{", timeout=10)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("faults not set: the fault plan is not JSON")


def test_a_plan_comes_as_an_argument_written_out_or_in_a_file(tmp_path: Path) -> None:
    text = '[{"vendor": "UNABATED", "kind": "status_503"}]'
    (tmp_path / "plan.json").write_text(text)
    assert plan_of_argument(text) == plan_of_argument(str(tmp_path / "plan.json")) == read_plan(text)
    with pytest.raises(PlanError, match=r"absent.json: No such file"):
        plan_of_argument(str(tmp_path / "absent.json"))


def test_a_server_starts_with_a_plan() -> None:
    plan = FaultPlan.model_validate({"rules": [DOWN]})
    with LeagueServer(tiny.tiny_league(), faults=plan) as server:
        assert statuses(server.url)[:3] == [503, 503, 200]


def test_the_process_starts_with_a_plan(tmp_path: Path) -> None:
    save_dataset(tiny.tiny_league(), tmp_path)
    arguments = ["--synthetic", str(tmp_path), "--faults"]
    with league_process([*arguments, '[{"vendor": "PLAYNOW", "kind": "status_500"}]']) as address:
        assert statuses(address)[:3] == [200, 200, 500]


def test_the_process_refuses_a_bad_plan_as_an_argument() -> None:
    with pytest.raises(ArgumentTypeError, match="'X' is no vendor; allowed: NHL, UNABATED"):
        fault_plan('[{"vendor": "X", "kind": "error_body"}]')


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (None, ()),
        ("", ()),
        ("UNABATED", ("UNABATED",)),
        (" unabated, PlayNow,,UNABATED ", ("UNABATED", "PLAYNOW")),
        ("NHL", ("NHL",)),
        ("ODDSSHARK,ODDS_API,PLAYNOW", ("ODDSSHARK", "ODDS_API", "PLAYNOW")),
    ],
)
def test_the_drill_variable_names_vendors(value: str | None, names: tuple[str, ...]) -> None:
    assert forced_failures({"FORCE_VENDOR_FAILURE": value}.get) == names


def test_an_unknown_name_in_the_drill_variable_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(
        ConfigError,
        match=r"no vendor is called DRAFTKINGS; allowed: NHL, UNABATED, PLAYNOW, ODDSSHARK, ODDS_API$",
    ):
        forced_failures({"FORCE_VENDOR_FAILURE": "UNABATED,DraftKings"}.get)


def test_a_drill_lets_vendors_fail_until_it_is_cleared_and_leaves_other_plans(url: str) -> None:
    fail(url, {"vendor": "NHL", "kind": "status_500", "path": "/v1/*"})
    for _ in range(2):
        force_failures(url, ("UNABATED", "PLAYNOW"))
        assert statuses(url) == [503, 503, 503, 500, 200]
    force_failures(url, ("PLAYNOW",))
    assert statuses(url) == [200, 200, 503, 500, 200]
    force_failures(url, ())
    assert statuses(url) == [200, 200, 200, 500, 200]


def test_a_drill_without_a_league_says_so() -> None:
    with refusing_host() as nobody, pytest.raises(MissingInput, match="took no drill: ConnectionError"):
        force_failures(nobody, ("UNABATED",))


def league_policy(*faults: dict[str, Any]) -> LeaguePolicy:
    policy = load_settings(PROJECT_ROOT / "config").policy.league
    return LeaguePolicy.model_validate({**policy.model_dump(), "faults": faults})


def test_a_plan_in_the_configuration_is_in_force_from_the_start_of_a_league() -> None:
    begins = datetime(2026, 1, 5, tzinfo=UTC)
    policy = league_policy({"vendor": "PLAYNOW", "kind": "status_503", "from": begins, "times": 2})
    choice = LeagueChoice(LeagueKind.SYNTHETIC, None, None)
    arguments = serve_arguments(choice, policy, Path("root"), date(2026, 1, 6))
    plan = fault_plan(arguments[arguments.index("--faults") + 1])
    (rule,) = plan.rules
    assert (plan.name, rule.vendor, rule.kind, rule.since, rule.times) == (
        "config", "PLAYNOW", "status_503", begins, 2,
    )  # fmt: skip


def test_without_a_plan_in_the_configuration_nothing_fails() -> None:
    choice = LeagueChoice(LeagueKind.SYNTHETIC, None, None)
    assert "--faults" not in serve_arguments(choice, league_policy(), Path("root"), date(2026, 1, 6))


def test_a_bad_plan_in_the_configuration_names_file_rule_and_what_is_allowed() -> None:
    policy = league_policy({"vendor": "PLAYNOW", "kind": "status_999"})
    with pytest.raises(
        ConfigError, match=r"config/policy.toml \[\[league.faults\]\]: rules.0.kind: .*allowed"
    ):
        configured_faults(policy)
