"""Dagster's SQLite storage with one engine a file, named in dagster.yaml.

Dagster makes an engine for each access to its event log, and with it forgets every statement that it compiled: that
took a fifth of a run's time. The files are the same; connections are still opened and closed with each access.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Self

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import NullPool

FILES = 16
"""Engines that are kept: of the index, and of the runs that were looked at last."""


@lru_cache(maxsize=FILES)
def _engine(address: str) -> Engine:
    timeout = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
    return create_engine(address, poolclass=NullPool, connect_args=timeout)


class EventLog(SqliteEventLogStorage):
    """Dagster's event log, a file a run and one for all."""

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = _engine(self.conn_string_for_shard(shard))
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection


class Storage(DagsterSqliteStorage):
    """Runs, events and schedules below `base_dir`, where Dagster's own class keeps them too."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)
        self._event_log_storage = EventLog(self._event_log_storage._base_dir)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: dict[str, str]) -> Self:
        return cls.from_local(inst_data=inst_data, **config_value)
