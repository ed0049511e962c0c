"""The tree of failures and the message that a person reads."""

import pickle

import pytest

from nhl_ops.domain.failures import (
    ConfigError,
    ContractBroken,
    Failure,
    FailureClass,
    MissingInput,
    Retry,
    VendorContract,
    VendorDenied,
    VendorError,
    VendorErrorBody,
    VendorOutage,
    VendorRejected,
)

VENDOR = ("unabated_propodds", "https://host/board", "HTTP 503")


def all_failures(kind: type[Failure] = Failure) -> list[type[Failure]]:
    return [kind, *(found for below in kind.__subclasses__() for found in all_failures(below))]


def test_the_message_names_slate_asset_cause_and_next_step() -> None:
    failure = MissingInput(
        "no boxscore of game 2025020600.", "`nhl-ops run-daily --date {slate} --run-outcomes`"
    )
    assert str(failure.at(slate="2026-01-05", asset="fact_skater_games")) == (
        "2026-01-05 fact_skater_games: no boxscore of game 2025020600. "
        "Next: `nhl-ops run-daily --date 2026-01-05 --run-outcomes`"
    )


def test_a_failure_that_does_not_know_its_slate_leaves_the_place_open() -> None:
    assert "--date <slate> --all" in str(ContractBroken("two rows of one quote"))


def test_the_place_is_kept_when_it_is_told_in_two_steps() -> None:
    failure = MissingInput("gone").at(asset="dim_games").at(slate="2026-01-05")
    assert str(failure) == "2026-01-05 dim_games: gone"


def test_a_failure_without_advice_is_its_cause() -> None:
    assert (
        str(ConfigError("config/vendors.toml: key 'htp' is not known"))
        == "config/vendors.toml: key 'htp' is not known"
    )


def test_every_failure_has_a_class_and_every_class_a_failure() -> None:
    assert {kind.failure_class for kind in all_failures()} == set(FailureClass)


def test_of_vendor_failures_only_outages_are_worth_waiting_for() -> None:
    worth_it = {kind for kind in all_failures(VendorError) if kind.is_transient}
    assert worth_it == set(all_failures(VendorOutage))
    assert VendorErrorBody in worth_it


def test_a_vendor_failure_names_endpoint_url_and_cause() -> None:
    failure = VendorOutage(*VENDOR, status=503)
    assert str(failure).startswith(
        "unabated_propodds (https://host/board): HTTP 503. Next: wait for the vendor"
    )
    assert (failure.endpoint, failure.url, failure.status) == ("unabated_propodds", "https://host/board", 503)


def test_a_vendor_failure_without_url_leaves_it_out() -> None:
    assert (
        str(VendorContract("playnow_event_list", "", "not JSON", "look"))
        == "playnow_event_list: not JSON. Next: look"
    )


def test_denied_access_is_a_rejection_of_its_own_class() -> None:
    assert issubclass(VendorDenied, VendorRejected)
    assert VendorDenied(*VENDOR).failure_class is FailureClass.PERMISSION


@pytest.mark.parametrize(
    "kind", [VendorOutage, VendorErrorBody, VendorRejected, VendorDenied, VendorContract]
)
def test_a_vendor_failure_survives_the_way_between_processes(kind: type[VendorError]) -> None:
    failure = kind(*VENDOR, status=503).at(slate="2026-01-05")
    copy = pickle.loads(pickle.dumps(failure))
    assert (type(copy), str(copy), copy.status) == (kind, str(failure), 503)


def test_a_failure_survives_the_way_between_processes() -> None:
    failure = MissingInput("gone", "look").at(slate="2026-01-05", asset="dim_games")
    assert str(pickle.loads(pickle.dumps(failure))) == "2026-01-05 dim_games: gone. Next: look"


def test_a_contract_a_permission_and_a_defect_are_mended_before_they_are_tried_again() -> None:
    first = {kind for kind in FailureClass if kind.retry is Retry.FIX_FIRST}
    assert {FailureClass.CONTRACT, FailureClass.PERMISSION, FailureClass.CODE} <= first


def test_what_waiting_helps_is_tried_again_in_its_scope() -> None:
    assert {kind.failure_class.retry for kind in all_failures() if kind.is_transient} == {Retry.SAME_SCOPE}


def test_nothing_that_must_be_mended_first_is_transient() -> None:
    waiting_helps = {kind.failure_class for kind in all_failures() if kind.is_transient}
    assert all(kind.retry is not Retry.FIX_FIRST for kind in waiting_helps)
