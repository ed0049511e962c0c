"""The failures that the field's runbooks know, each made to happen, and the class that it is told under."""

import os
import shutil
import socket
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from nhl_ops.contracts.results import DIM_GAMES
from nhl_ops.domain.failure_signatures import as_failure
from nhl_ops.domain.failures import ContractBroken, VendorOutage
from nhl_ops.gateways.http import HttpClient, HttpPolicy
from nhl_ops.gateways.vendor import VendorRequest
from nhl_ops_tests.cli.operator import COMMAND, Operator, Told, new_project

IMPATIENT = HttpPolicy(connect_timeout_sec=0.3, read_timeout_sec=0.3, total_timeout_sec=1.0, max_retries=0)


@pytest.fixture
def newcomer(tmp_path: Path) -> Operator:
    return new_project(tmp_path / "project")


def test_a_port_in_use(newcomer: Operator) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = newcomer.run("dev", "--port", port)
    assert (told.code, f"port {port} on 127.0.0.1 is in use" in told.text) == (1, True)


def test_a_run_that_is_not_found(newcomer: Operator) -> None:
    told = newcomer.run("triage", "nosuchrun")
    assert told.code == 1
    assert (
        told.text.startswith("missing_input no finished run") or "missing_input no finished run" in told.text
    )


def test_a_partition_that_is_missing(too_early: Told) -> None:
    assert too_early.code == 1
    assert "has not been computed for" in too_early.text


def test_a_name_that_does_not_resolve() -> None:
    with pytest.raises(VendorOutage) as caught:
        HttpClient(IMPATIENT).get(VendorRequest("nhl_schedule", "http://no-such-host.invalid/schedule"))
    assert "no-such-host.invalid" in str(caught.value)


def test_a_tls_handshake_that_times_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/schedule"
        with pytest.raises(VendorOutage):
            HttpClient(IMPATIENT).get(VendorRequest("nhl_schedule", url))


def test_columns_that_are_missing() -> None:
    with pytest.raises(KeyError) as caught:
        DIM_GAMES.conform(pd.DataFrame({"game_date": ["2026-01-05"]}))
    failure = as_failure(caught.value)
    assert isinstance(failure, ContractBroken)
    assert "home_team" in failure.cause


def without_power_over_permissions() -> list[str]:
    """Before a command: root obeys file modes like anybody else."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root ignores file modes, and setpriv (util-linux) is not there to take that away")
    return [setpriv, "--bounding-set=-dac_override", "--inh-caps=-dac_override"]


def test_a_folder_that_may_not_be_written(newcomer: Operator) -> None:
    data = newcomer.root / "data"
    data.mkdir()
    data.chmod(0o555)
    done = subprocess.run(
        [*without_power_over_permissions(), COMMAND, "gaps"],
        env=newcomer.environment({}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    data.chmod(0o755)
    assert done.returncode == 1
    assert done.stderr.startswith("permission PermissionError")
    assert "Next: give this user access to it" in done.stderr
