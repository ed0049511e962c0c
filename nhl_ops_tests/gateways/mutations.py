"""Random damage to a JSON document: what a parser must survive."""

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(["", "0", "2", "nan", "2026-13-01T00:00:00", "0001-01-01T00:00:00", "99900", "Over"]),
    st.builds(list),
    st.builds(dict),
    st.builds(lambda: [1]),
    st.builds(lambda: {"id": None}),
)


@st.composite
def damaged(draw: st.DrawFn, document: dict[str, Any]) -> dict[str, Any]:
    """The document with one to four places replaced by junk, removed or given twice."""
    body = deepcopy(document)
    for _ in range(draw(st.integers(1, 4))):
        places = list(_places(body))
        if not places:
            break
        holder, key = draw(st.sampled_from(places))
        action = draw(st.sampled_from(["replace", "remove", "repeat"]))
        if action == "replace":
            holder[key] = draw(JUNK)
        elif action == "remove":
            del holder[key]
        elif isinstance(holder, list):
            holder.append(deepcopy(holder[key]))
    return body


def _places(value: Any) -> Any:
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    for key in keys:
        yield value, key
        yield from _places(value[key])
