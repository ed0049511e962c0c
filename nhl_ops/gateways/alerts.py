"""Alerts to a webhook. Slack's incoming webhooks and most others take the same {"text": ...}."""

from dataclasses import dataclass

import requests

from nhl_ops.domain.failures import VendorOutage


@dataclass(frozen=True)
class Alert:
    """What happened, to which slate, why, and what to do."""

    title: str
    slate: str
    cause: str
    next_step: str

    @property
    def text(self) -> str:
        return f"{self.title}\nSlate: {self.slate}\nCause: {self.cause[:1500]}\nNext: {self.next_step}"


class WebhookAlerts:
    """Posts alerts; without an address, sending is an error: an alert that goes nowhere must not look sent."""

    def __init__(self, url: str | None, timeout_sec: float = 10.0) -> None:
        self.url = url
        self.timeout_sec = timeout_sec

    def send(self, alert: Alert) -> None:
        """Raises VendorOutage when the webhook cannot be reached or refuses; its address is not in the message."""
        if not self.url:
            raise VendorOutage(
                "alerts.webhook",
                "-",
                "no webhook is configured",
                "set NHL_OPS_ALERT_WEBHOOK or stop this sensor",
            )
        try:
            answer = requests.post(
                self.url, json={"text": alert.text}, timeout=self.timeout_sec, allow_redirects=False
            )
        except requests.RequestException as error:
            raise VendorOutage("alerts.webhook", "-", f"cannot be reached: {type(error).__name__}") from None
        if not 200 <= answer.status_code < 300:
            raise VendorOutage(
                "alerts.webhook", "-", f"answered {answer.status_code}", status=answer.status_code
            )
