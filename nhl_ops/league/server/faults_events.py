"""Mutations of events: tomorrow's placeholders, and games that are on."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

from nhl_ops.league.server.faults_formats import Format
from nhl_ops.league.server.faults_site import Site
from nhl_ops.league.server.faults_trees import Tree, event_groups, objects

A_DAY = timedelta(days=1)
SINCE = timedelta(minutes=30)
SHORTEST_ID = 10_000


def placeholder_events(site: Site) -> int:
    """Of each so-many-th event its first row once more, a day later, all ids others, one element a list."""
    count = 0
    for group in event_groups(site.tree, site.form):
        rows = list(group.items()) if isinstance(group, dict) else list(enumerate(group))
        first_rows: dict[Any, tuple[Any, Tree]] = {}
        for key, row in rows:
            first_rows.setdefault(_event_of(row), (key, row))
        picked = site.every(first_rows.values())
        for key, row in picked:
            copy = _placeholder(row, site.form)
            group.update({f"{key}:tomorrow": copy}) if isinstance(group, dict) else group.append(copy)
        count += len(picked)
    return count


def started_events(site: Site) -> int:
    count = 0
    for group in event_groups(site.tree, site.form):
        rows = list(group.values()) if isinstance(group, dict) else group
        picked = set(site.every(dict.fromkeys(_event_of(row) for row in rows)))
        for row in rows:
            if _event_of(row) in picked:
                _begin(row, site)
        count += len(picked)
    return count or _lone_event(site)


def _lone_event(site: Site) -> int:
    """A body that is one event."""
    if not isinstance(site.tree, dict):
        return 0
    events = [v for v in (site.tree, site.tree.get("data")) if isinstance(v, dict)]
    found = [event for event in events if site.form.starts & event.keys()]
    for event in found:
        _begin(event, site)
    return len(found)


def _event_of(row: Tree) -> Any:
    return next((row[key] for key in ("eventId", "gameId", "id") if key in row), None)


def _begin(row: Tree, site: Site) -> None:
    for key in site.form.starts & row.keys():
        row[key] = _written_like(row[key], site.now - SINCE)
    for key, value in site.form.live.items():
        if key in row:
            row[key] = value
    for item in objects(row):
        for key in site.form.stamps & item.keys():
            item[key] = _written_like(item[key], site.now)


def _placeholder(row: Tree, form: Format) -> Tree:
    copy = deepcopy(row)
    for item in objects(copy):
        for key in form.starts & item.keys():
            item[key] = _written_like(item[key], _read(item[key]) + A_DAY)
        for key in form.ids & item.keys():
            item[key] = _other_id(item[key], form.id_step)
        for key, value in item.items():
            if isinstance(value, list):
                item[key] = (
                    value[:1] if all(isinstance(v, dict) and form.ids & v.keys() for v in value) else value
                )
    return copy


def _other_id(value: Any, step: int) -> Any:
    """Short numbers are ids of things that stay: teams, competitions, books."""
    if isinstance(value, str) and not value.isdecimal():
        return value[::-1]
    if value is None or int(value) < SHORTEST_ID:
        return value
    return type(value)(int(value) + step)


def _read(value: Any) -> datetime:
    """Epoch seconds, or ISO; without a zone it is UTC."""
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    instant = datetime.fromisoformat(value)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _written_like(value: Any, instant: datetime) -> Any:
    """The instant in the form of the value that it replaces."""
    if isinstance(value, int | float):
        return int(instant.timestamp())
    zone = "Z" if isinstance(value, str) and value.endswith("Z") else ""
    precision = "milliseconds" if isinstance(value, str) and "." in value else "seconds"
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=precision) + zone
