"""What an asset body works with: the slates of its run, their scope, as-of mode and now, and the warehouse."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

import dagster as dg
import pandas as pd

from nhl_ops.contracts.spec import Kind, TableSpec
from nhl_ops.defs.house import House
from nhl_ops.defs.scopes import mode_of, scope_of
from nhl_ops.gateways.warehouse import Audit

Figures = dict[str, dict[str, object]]
"""Metadata by slate."""


@dataclass
class SlateRun:
    """One asset's work in one run. `keys` leaves out the slates that a check of this scope holds back.

    instance: whose event log evidence is read off; None where there is none, as in a benchmark.
    """

    house: House
    run: dg.DagsterRun
    requested: Sequence[str]
    log: dg.DagsterLogManager
    instance: dg.DagsterInstance | None = None
    inputs: dict[str, dict[str, str]] = field(default_factory=dict)

    @cached_property
    def scope_id(self) -> str:
        return scope_of(self.run)

    @cached_property
    def held(self) -> Mapping[str, list[tuple[str, str]]]:
        return self.house.state.holds(self.scope_id)

    @cached_property
    def keys(self) -> list[str]:
        return [key for key in self.requested if key not in self.held]

    @cached_property
    def now(self) -> datetime:
        """The instant that the scope prices at: asked of the clock once, after the captures."""
        return self.house.state.scope_now(self.scope_id, self.house.clock.now())

    @cached_property
    def audit(self) -> Audit:
        return Audit(self.run.run_id, self.scope_id, self.house.clock.now())

    @property
    def slates(self) -> pd.DataFrame:
        """A row a slate: game_date, mode, now_utc."""
        modes = [mode_of(self.run, date.fromisoformat(key), self.now) for key in self.keys]
        frame = pd.DataFrame({"game_date": self.keys, "mode": [str(m) for m in modes]})
        return frame.assign(now_utc=pd.Series([self.now] * len(frame), dtype="datetime64[us, UTC]"))

    def chunks(self, size: int) -> Iterator[list[str]]:
        """The slates in order, `size` at a time: work whose frames grow with the slates stays bounded."""
        for start in range(0, len(self.keys), size):
            yield self.keys[start : start + size]

    def read(
        self, spec: TableSpec, keys: Sequence[str] | None = None, *, encoded: bool = False
    ) -> pd.DataFrame:
        """Rows of the run's slates (or of these): own scope's derivations else the published; observations, which
        may be `encoded`."""
        wanted = self.keys if keys is None else list(keys)
        if spec.kind is Kind.OBSERVATION:
            return self.house.warehouse.observations(spec, wanted, encoded=encoded)
        frame, digests = self.house.warehouse.read_slices(spec, wanted, self.scope_id)
        for key, digest in digests.items():
            self.inputs.setdefault(key, {})[spec.name] = digest
        return frame

    def rest_on(self, spec: TableSpec, keys: Sequence[str]) -> None:
        """Note a derivation as an input that is not read itself: it tells of observations that are."""
        for key, (_, digest) in self.house.warehouse.slice_paths(spec, keys, self.scope_id).items():
            self.inputs.setdefault(key, {})[spec.name] = digest

    def read_earlier(self, spec: TableSpec, keys: Sequence[str]) -> pd.DataFrame:
        """Derivations of other slates, as far as they exist: no reason to fail, no input. Of a held slate those that
        readers see, as a run of the next slate alone would read them."""
        frame, _ = self.house.warehouse.read_slices(
            spec, keys, self.scope_id, missing_ok=True, held=self.held
        )
        return frame

    def store(self, spec: TableSpec, frame: pd.DataFrame) -> Figures:
        """Write the frame; returns by slate the rows, and of an observation the new ones, of a derivation its digest
        and those of what it was made from."""
        rows = frame[spec.partition_column].value_counts().to_dict()
        if spec.kind is Kind.OBSERVATION:
            new = self.house.warehouse.append(spec, frame, self.audit)
            return {k: {"rows": int(rows.get(k, 0)), "new_rows": int(new.get(k, 0))} for k in self.keys}
        inputs = {key: self.inputs.get(key, {}) for key in self.keys}
        digests = self.house.warehouse.write_slices(spec, frame, self.keys, self.audit, inputs)
        return {
            k: {"rows": int(rows.get(k, 0)), "digest": digests[k], "inputs": inputs[k]} for k in self.keys
        }
