"""The filter language of the NHL stats API as callers use it: comparisons joined by `and`, and `in`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

_COMPARISON = re.compile(
    r"\s*(?P<field>\w+)\s*(?P<op>>=|<=|!=|=|>|<)\s*(?P<value>\"[^\"]*\"|'[^']*'|[\w.-]+)\s*"
)
_MEMBERSHIP = re.compile(r"\s*(?P<field>\w+)\s+in\s*\((?P<values>[^)]*)\)\s*", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+(?=\w+\s*(?:[<>=!]|in\s*\())", re.IGNORECASE)
_OPERATORS: Mapping[str, Callable[[np.ndarray, int], np.ndarray]] = {
    "=": np.equal,
    "!=": np.not_equal,
    ">=": np.greater_equal,
    "<=": np.less_equal,
    ">": np.greater,
    "<": np.less,
}


class FilterError(ValueError):
    """The expression, or a field of it, is not understood."""


@dataclass(frozen=True)
class Condition:
    """A comparison of a field with whole numbers; dates are numbers like 20260105."""

    field: str
    op: str
    values: tuple[int, ...]

    def mask(self, column: np.ndarray) -> np.ndarray:
        if self.op == "in":
            return np.isin(column, self.values)
        return _OPERATORS[self.op](column, self.values[0])


def parse_cayenne(text: str) -> list[Condition]:
    """Conditions that must all hold. Raises FilterError naming the part that is not understood."""
    return [_condition(part) for part in _AND.split(text.strip())] if text.strip() else []


def _condition(part: str) -> Condition:
    if found := _MEMBERSHIP.fullmatch(part):
        values = tuple(_number(v) for v in found["values"].split(","))
        return Condition(found["field"], "in", values)
    if found := _COMPARISON.fullmatch(part):
        return Condition(found["field"], found["op"], (_number(found["value"]),))
    raise FilterError(f"cayenneExp part {part!r} is not understood; write field=value joined by ' and '")


def _number(value: str) -> int:
    """A number as it is; of a date, with or without a time of day, the date."""
    digits = value.strip().strip("\"'")[:10].replace("-", "")
    if not digits.isdecimal():
        raise FilterError(f"cayenneExp value {value!r} is neither a number nor a date like 2026-01-05")
    return int(digits)
