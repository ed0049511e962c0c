"""The UI of a project with its daemon, and a run that is started there as a click would start it."""

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from nhl_ops.defs.dagster_internals import LOCATION
from nhl_ops_tests.cli.operator import COMMAND, Operator

UP_SEC, RUN_SEC, POLL_SEC = 180.0, 600.0, 0.5
LAUNCH = """mutation ($params: ExecutionParams!) { launchRun(executionParams: $params) {
__typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""
STATUS = "query ($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"
ENDED = {"SUCCESS", "FAILURE", "CANCELED"}


@dataclass(frozen=True)
class Ui:
    """Speaks to the UI at an address as its pages do."""

    address: str

    def ask(self, query: str, **variables: object) -> dict:
        answer = requests.post(
            f"{self.address}/graphql", json={"query": query, "variables": variables}, timeout=60
        )
        answer.raise_for_status()
        return answer.json()["data"]

    def launch(self, slate: str, job: str = "slates") -> str:
        """Start a run of one slate; its id."""
        selector = {
            "repositoryLocationName": LOCATION,
            "repositoryName": "__repository__",
            "pipelineName": job,
        }
        tags = [{"key": "dagster/partition", "value": slate}]
        params = {"selector": selector, "runConfigData": "{}", "executionMetadata": {"tags": tags}}
        told = self.ask(LAUNCH, params=params)["launchRun"]
        assert told["__typename"] == "LaunchRunSuccess", told
        return told["run"]["runId"]

    def wait_for(self, run_id: str, statuses: set[str]) -> str:
        deadline = time.monotonic() + RUN_SEC
        while (status := self.ask(STATUS, id=run_id)["runOrError"]["status"]) not in statuses | ENDED:
            assert time.monotonic() < deadline, f"run {run_id} is still {status}"
            time.sleep(POLL_SEC)
        return status


@contextmanager
def ui_of(operator: Operator, league_url: str) -> Iterator[Ui]:
    """`nhl-ops dev` until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = operator.root / "ui.log"
    command = [COMMAND, "dev", "--port", str(port)]
    environment = operator.environment({"NHL_OPS_LEAGUE_URL": league_url})
    with log.open("wb") as out, subprocess.Popen(command, env=environment, stdout=out, stderr=out) as process:
        try:
            yield when_up(Ui(f"http://127.0.0.1:{port}"), process, log)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=UP_SEC)


def when_up(ui: Ui, process: subprocess.Popen[bytes], log: Path) -> Ui:
    """Once it serves pages."""
    deadline = time.monotonic() + UP_SEC
    while True:
        assert process.poll() is None, f"the UI ended: {log.read_text(errors='replace')}"
        assert time.monotonic() < deadline, "the UI did not come up"
        try:
            ui.ask("{ version }")
        except requests.RequestException:
            time.sleep(POLL_SEC)
        else:
            return ui
