"""Alerts to a webhook: what is sent, and that a failure to send is loud and keeps the address secret."""

import time
import traceback

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from nhl_ops.domain.failures import FailureClass, VendorOutage
from nhl_ops.gateways.alerts import Alert, WebhookAlerts

SECRET = "T0KEN-in-the-path"
ALERT = Alert(
    title="nhl_ops: run 1a2b3c4d of slates failed",
    slate="2026-01-20",
    cause="captured_nhl: connection refused",
    next_step="open the run in the UI: /runs/1a2b3c4d",
)


def refusal(url: str | None, timeout_sec: float = 10.0) -> VendorOutage:
    with pytest.raises(VendorOutage) as caught:
        WebhookAlerts(url, timeout_sec).send(ALERT)
    return caught.value


def test_an_alert_tells_what_happened_to_which_slate_why_and_what_to_do(httpserver: HTTPServer) -> None:
    httpserver.expect_oneshot_request(f"/{SECRET}", method="POST").respond_with_data("ok")
    WebhookAlerts(httpserver.url_for(f"/{SECRET}")).send(ALERT)
    ((request, _),) = httpserver.log
    assert request.mimetype == "application/json"
    assert request.get_json() == {
        "text": "nhl_ops: run 1a2b3c4d of slates failed\n"
        "Slate: 2026-01-20\n"
        "Cause: captured_nhl: connection refused\n"
        "Next: open the run in the UI: /runs/1a2b3c4d"
    }


def test_a_long_cause_is_cut_and_the_next_step_stays(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook").respond_with_data("ok")
    alert = Alert("title", "2026-01-20", "x" * 100_000, "run it again")
    WebhookAlerts(httpserver.url_for("/hook")).send(alert)
    text = httpserver.log[0][0].get_json()["text"]
    assert len(text) < 2000
    assert text.endswith("Next: run it again")


@pytest.mark.parametrize("url", [None, ""])
def test_an_alert_that_goes_nowhere_is_an_error_that_says_what_to_set(url: str | None) -> None:
    assert "no webhook is configured" in str(refusal(url))
    assert "NHL_OPS_ALERT_WEBHOOK" in str(refusal(url))


@pytest.mark.parametrize("status", [400, 404, 429, 500])
def test_a_refusal_names_the_status_and_not_the_address(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request(f"/{SECRET}").respond_with_data(f"no {SECRET}", status=status)
    failure = refusal(httpserver.url_for(f"/{SECRET}"))
    assert failure.status == status
    assert f"answered {status}" in str(failure)
    assert SECRET not in everything_about(failure)


def test_an_unreachable_webhook_names_no_address_either() -> None:
    failure = refusal(f"http://127.0.0.1:9/{SECRET}")
    assert failure.failure_class is FailureClass.VENDOR_OUTAGE
    assert "cannot be reached" in str(failure)
    assert SECRET not in everything_about(failure)


def test_an_address_that_is_none_is_not_repeated() -> None:
    assert SECRET not in everything_about(refusal(f"hooks.example/{SECRET}"))


def test_a_webhook_that_does_not_answer_is_given_up(httpserver: HTTPServer) -> None:
    def never(_: Request) -> Response:
        time.sleep(0.5)
        return Response("late")

    httpserver.expect_request("/hook").respond_with_handler(never)
    assert "ReadTimeout" in str(refusal(httpserver.url_for("/hook"), timeout_sec=0.05))


def everything_about(failure: VendorOutage) -> str:
    """Message, arguments and the whole trace, as a log would show them."""
    return "".join(traceback.format_exception(failure)) + repr(failure.args) + str(failure)
