"""The embedded league as the operator's side sees it: which one it is, its server process and its control path."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import requests

from nhl_ops.domain.failures import ConfigError, MissingInput
from nhl_ops.domain.settings import LeagueKind, LeaguePolicy, Source
from nhl_ops.domain.vendors import PRICE_VENDORS
from nhl_ops.league.server.faults import FaultPlan, PlanError, checked_plan
from nhl_ops.league.server.faults_formats import VENDORS

LEAGUE = "NHL_OPS_LEAGUE"
LEAGUE_DATA = "NHL_OPS_LEAGUE_DATA"
LEAGUE_ANCHOR = "NHL_OPS_LEAGUE_ANCHOR"
DRILL = "drill"
"""Name of the fault plan of a drill; plans of other names stay as they are."""

Environment = Callable[[str], str | None]


@dataclass(frozen=True)
class LeagueChoice:
    """Which league the environment asks for."""

    kind: LeagueKind
    data: Path | None
    anchor: date | None

    @property
    def world(self) -> str:
        """Name under which this league's data is kept apart from others'."""
        if self.data is None:
            return self.kind.value
        return f"{self.kind.value}-{sha256(str(self.data).encode()).hexdigest()[:8]}"


def league_choice(env: Environment) -> LeagueChoice:
    """Raises ConfigError with the allowed values for a setting that is off."""
    value = env(LEAGUE) or LeagueKind.SYNTHETIC.value
    if value not in list(LeagueKind):
        raise ConfigError(f"{LEAGUE}={value!r} is not known; allowed: {', '.join(LeagueKind)}")
    anchor = env(LEAGUE_ANCHOR)
    try:
        day = date.fromisoformat(anchor) if anchor else None
    except ValueError as error:
        raise ConfigError(f"{LEAGUE_ANCHOR}={anchor!r} is not a date; write it as YYYY-MM-DD") from error
    if value == LeagueKind.SYNTHETIC:
        return LeagueChoice(LeagueKind.SYNTHETIC, None, day)
    folder = env(LEAGUE_DATA)
    if not folder:
        raise ConfigError(f"{LEAGUE}=recorded needs {LEAGUE_DATA}: the folder with stats/ and odds/")
    data = Path(folder).resolve()
    if not (data / "stats").is_dir():
        raise ConfigError(f"{LEAGUE_DATA}={folder}: there is no folder stats/ in {data}")
    return LeagueChoice(LeagueKind.RECORDED, data, day)


def world_of(env: Environment, source: Source) -> str:
    return "live" if source is Source.LIVE else league_choice(env).world


def serve_arguments(choice: LeagueChoice, policy: LeaguePolicy, root: Path, today: date) -> list[str]:
    """Arguments of `nhl_ops.league.server.main` for this league."""
    faults = configured_faults(policy)
    failing = ["--faults", faults.model_dump_json(by_alias=True, exclude_unset=True)] if faults.rules else []
    if choice.data is not None:
        return ["--recorded", str(choice.data), *failing]
    return [
        "--synthetic", str(root / "data" / "league"),
        "--seed", str(policy.seed),
        "--teams", str(policy.teams),
        "--priced-slates", str(policy.priced_slates),
        "--anchor", (choice.anchor or today).isoformat(),
        *(["--insist"] if choice.anchor else []),
        *failing,
    ]  # fmt: skip


def configured_faults(policy: LeaguePolicy) -> FaultPlan:
    """The plan that a league has from its start. Raises ConfigError with the rule and what is allowed."""
    try:
        return checked_plan({"name": "config", "rules": list(policy.faults)})
    except PlanError as error:
        raise ConfigError(f"config/policy.toml [[league.faults]]: {error}") from None


@contextmanager
def league_process(arguments: list[str], *, port: int = 0, ticking: bool = False) -> Iterator[str]:
    """A league server in a process of its own; yields its address. It ends with its parent, however that ends."""
    command = [
        sys.executable,
        "-m",
        "nhl_ops.league.server.main",
        *arguments,
        "--port",
        str(port),
        "--with-parent",
    ]
    if ticking:
        command.append("--ticking")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            assert process.stdout is not None, "stdout is piped"
            address = process.stdout.readline().strip()
            if not address.startswith("http://127.0.0.1:"):
                raise MissingInput(
                    f"the embedded league did not start (exit {process.poll()})",
                    "read its message above, then try again",
                )
            yield address
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def capture_times(league_url: str, slate: date) -> list[datetime]:
    """When a past slate's boards changed: the instants worth a capture."""
    answer = requests.get(
        f"{league_url}/__league__/capture-times", params={"slate": slate.isoformat()}, timeout=10
    )
    answer.raise_for_status()
    return [datetime.fromisoformat(t) for t in answer.json()["capture_times"]]


def forced_failures(env: Environment) -> tuple[str, ...]:
    """Vendors that the drill variable lets fail: names with commas between, in any case, each once.

    Raises ConfigError for a name of no vendor that the league has.
    """
    wanted = [name.strip().upper() for name in (env("FORCE_VENDOR_FAILURE") or "").split(",")]
    known = [name for name in VENDORS if name == "NHL" or name in PRICE_VENDORS]
    unknown = [name for name in wanted if name and name not in known]
    if unknown:
        raise ConfigError(
            f"FORCE_VENDOR_FAILURE: no vendor is called {', '.join(unknown)}; allowed: {', '.join(known)}"
        )
    return tuple(dict.fromkeys(filter(None, wanted)))


def force_failures(league_url: str, names: Sequence[str]) -> None:
    """Let the league answer for these vendors 503 always, and for no other vendor of an earlier drill; no names
    end the drill. Raises MissingInput when no league answers, or it is one that knows no drill."""
    put_faults(league_url, [{"vendor": name, "kind": "status_503"} for name in names])


def put_faults(league_url: str, rules: Sequence[Mapping[str, object]]) -> None:
    """Put the plan of a drill in force, or end it when it has no rules. Raises MissingInput like force_failures."""
    plan = {"name": DRILL, "rules": rules}
    try:
        requests.post(f"{league_url}/__league__/faults", json=plan, timeout=10).raise_for_status()
    except requests.RequestException as error:
        raise MissingInput(
            f"the embedded league at {league_url} took no drill: {type(error).__name__}",
            "start it again, then repeat the command",
        ) from error
