"""NHL payloads of dead letters parsed again, each as its slate's run parses it."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from nhl_ops.defs.house import House
from nhl_ops.defs.results import payloads, team_in
from nhl_ops.gateways.letters import Letter
from nhl_ops.gateways.nhl import BOXSCORE, ROSTER, SCHEDULE, CapturedRoster, parse_rosters
from nhl_ops.gateways.nhl_boxscore import parse_boxscores
from nhl_ops.gateways.nhl_schedule import parse_schedules
from nhl_ops.gateways.nhl_stats import StatsReport, goalie_rows, skater_rows
from nhl_ops.gateways.vendor import Payload, Rejected

NHL_VENDORS = ("NHL", "NHL_RESULTS")


class NotReplayed(Exception):  # noqa: N818 - why one payload is left as it is
    """A payload whose letters a replay cannot settle, with what to do instead."""


def nhl_letters(house: House, letter: Letter, slates: Sequence[str]) -> Sequence[Rejected]:
    """Today's dead letters of the payload. Raises NotReplayed when no slate's run reads it any more."""
    if letter.endpoint == StatsReport.SKATER_SUMMARY.endpoint:
        return _report_letters(house, letter, slates)
    parse = PARSERS.get(str(letter.endpoint))
    for slate in slates if parse else ():
        for payload in payloads(house, letter.source_vendor, [str(letter.endpoint)], slate):
            if payload.payload_hash == letter.payload_hash:
                return parse(payload, slate)
    raise NotReplayed(
        f"no run reads this {letter.endpoint} payload by itself: clear its letters with a reason"
    )


def _report_letters(house: House, letter: Letter, slates: Sequence[str]) -> Sequence[Rejected]:
    """A date's stats reports are parsed together; their letters hang on the skater summary."""
    for slate in slates:
        found = {r: payloads(house, letter.source_vendor, [r.endpoint], slate)[-1:] for r in StatsReport}
        summary = found[StatsReport.SKATER_SUMMARY]
        if summary and summary[0].payload_hash == letter.payload_hash:
            return [*skater_rows(found).rejected, *goalie_rows(found).rejected]
    raise NotReplayed("a later capture replaced this report: clear its letters with a reason")


def _schedule(payload: Payload, _slate: str) -> Sequence[Rejected]:
    return parse_schedules([payload]).rejected


def _roster(payload: Payload, slate: str) -> Sequence[Rejected]:
    return parse_rosters([CapturedRoster(payload, team_in(payload.url), slate)]).rejected


def _boxscore(payload: Payload, _slate: str) -> Sequence[Rejected]:
    return parse_boxscores([payload]).rejected


PARSERS: Mapping[str, Callable[[Payload, str], Sequence[Rejected]]] = MappingProxyType(
    {SCHEDULE: _schedule, ROSTER: _roster, BOXSCORE: _boxscore}
)
