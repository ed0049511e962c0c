"""How the suite is spread over workers (`pytest -n 2`), and how much its property tests try."""

import gc

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

TOLD_ONCE = ("nhl_ops_tests/cli/", "nhl_ops_tests/defs/")
"""Tests of each of these folders share a project folder and its runs."""

SPREAD = "nhl_ops_tests/fuzz/"
"""Each test of this folder may run on any worker."""

BY_FIRST_PARAMETER = "nhl_ops_tests/faults/"
"""Tests of one vendor share what was captured of the others; vendors may be on different workers."""

NO_STOPWATCH = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("test", derandomize=True, **NO_STOPWATCH)
settings.register_profile("fuzz", max_examples=2_000, database=None, print_blob=True, **NO_STOPWATCH)
settings.load_profile("test")


class FilesAndOneStory(LoadScopeScheduling):
    """A file stays on one worker, and a folder whose tests share a project does: fixtures are built once."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(SPREAD):
            return nodeid
        if nodeid.startswith(BY_FIRST_PARAMETER):
            return nodeid.split("-", 1)[0]
        shared = next((folder for folder in TOLD_ONCE if nodeid.startswith(folder)), None)
        return shared or nodeid.split("::", 1)[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FilesAndOneStory:
    return FilesAndOneStory(config, log)


def pytest_collection_finish() -> None:
    """What was imported stays: the garbage collector need not look through it again and again."""
    gc.freeze()
