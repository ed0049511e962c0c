"""Which of an error's causes a run is told under."""

from dagster._utils.error import SerializableErrorInfo

from nhl_ops.defs.run_record import root_cause


def chain(*names: str) -> SerializableErrorInfo:
    """Exceptions as the event log keeps them, the outermost first."""
    error = None
    for name in reversed(names):
        error = SerializableErrorInfo(f"message of {name}", [], name, error)
    assert error is not None
    return error


def test_our_failure_is_the_cause_and_not_what_it_was_raised_from() -> None:
    found = root_cause(chain("DagsterExecutionStepExecutionError", "WarehouseBroken", "OperationalError"))
    assert found.cls_name == "WarehouseBroken"


def test_of_foreign_errors_the_innermost_is_the_cause() -> None:
    assert (
        root_cause(chain("DagsterExecutionStepExecutionError", "KeyError", "ValueError")).cls_name
        == "ValueError"
    )
    assert root_cause(None) is None
