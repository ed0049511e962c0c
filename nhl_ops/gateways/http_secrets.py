"""Secrets of a request: starred out of what people read, and stand-ins for them in what libraries see.

A request is sealed before any library gets it: keys in the query, in secret headers and in the user information of
the URL are replaced by stand-ins. `http_transport` puts the secrets back as it writes to the socket, so that no
log line, exception or repr of requests or urllib3 can hold one.
"""

import html
import json
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, quote, quote_plus, unquote, urlencode, urlsplit, urlunsplit

from nhl_ops.domain.failures import ConfigError
from nhl_ops.gateways.vendor import VendorRequest

SECRET_NAMES = frozenset(
    {"key", "apikey", "api_key", "api-key", "x-api-key", "token", "access_token", "secret"}
)
FIX_CONFIG = "correct config/vendors.toml or the vendor's key"
STARS = "***"
HEADER_VALUE = re.compile(r"([^\s\0][^\r\n\0]*)?")


@dataclass(frozen=True)
class Sealed:
    """A request as libraries may see it. secrets: by stand-in."""

    url: str
    headers: Mapping[str, str]
    secrets: Mapping[str, str]

    def hide(self, text: str) -> str:
        """A text without any secret of the request, however it is escaped."""
        return _replace_all(text, dict.fromkeys(self._marks(), STARS))

    def seal(self, url: str) -> str:
        """A URL of the vendor's that may repeat secrets, with the stand-ins instead."""
        return _replace_all(url, self._marks())

    @property
    def longest(self) -> int:
        """Characters of the longest form of a secret."""
        return max(map(len, self._marks()), default=0)

    def _marks(self) -> dict[str, str]:
        return {form: mark for mark, secret in self.secrets.items() for form in _forms(secret)}


def seal(request: VendorRequest) -> Sealed:
    """Raises ConfigError when the URL is none, or a secret cannot be sent in a header."""
    parts = _parts(request)
    secrets: dict[str, str] = {}

    def stand_in(value: str) -> str:
        mark = f"nhl-ops-secret-{len(secrets)}-"
        secrets[mark] = value
        return mark

    query = _pairs(parts.query, request.params, request.volatile)
    shown = urlencode([(k, stand_in(v) if is_secret(k) else v) for k, v in query])
    headers = {**request.headers, **{k: stand_in(v) for k, v in _secret_headers(request).items()}}
    user_info = unquote(parts.netloc.rpartition("@")[0])
    if user_info:
        stand_in(user_info.partition(":")[2])
        headers["Authorization"] = stand_in(f"Basic {b64encode(user_info.encode()).decode('ascii')}")
    return Sealed(urlunsplit((parts.scheme, _host(parts.netloc), parts.path, shown, "")), headers, secrets)


def public_url(request: VendorRequest) -> str:
    """The request's URL as logs and the archive may show it: no volatile parameter, secrets starred out.

    Raises ConfigError when it is no URL.
    """
    parts = _parts(request)
    query = _pairs(parts.query, request.params)
    shown = urlencode([(k, STARS if is_secret(k) else v) for k, v in query], safe="*,:")
    return urlunsplit((parts.scheme, _host(parts.netloc), parts.path, shown, ""))


def is_secret(name: str) -> bool:
    """Whether a query parameter of this name is a secret."""
    return name.lower() in SECRET_NAMES


def _parts(request: VendorRequest) -> SplitResult:
    try:
        return urlsplit(request.url)
    except ValueError:
        raise ConfigError(f"{request.endpoint}: its address is not a URL", FIX_CONFIG) from None


def _pairs(query: str, *more: Mapping[str, str]) -> list[tuple[str, str]]:
    return [*parse_qsl(query, keep_blank_values=True), *(pair for params in more for pair in params.items())]


def _host(netloc: str) -> str:
    return netloc.rpartition("@")[2]


def _secret_headers(request: VendorRequest) -> Mapping[str, str]:
    for value in request.secret.values():
        if HEADER_VALUE.fullmatch(value) is None or not _is_latin_1(value):
            raise ConfigError(f"{request.endpoint}: the key has characters no header may have", FIX_CONFIG)
    return request.secret


def _is_latin_1(text: str) -> bool:
    return all(ord(character) < 256 for character in text)


def _forms(secret: str) -> set[str]:
    """How a vendor may repeat a secret: bare, in a URL, in JSON, in a page."""
    bare = secret.strip().removeprefix("Basic ")
    forms = {bare, quote(bare, safe=""), quote_plus(bare), json.dumps(bare)[1:-1], html.escape(bare)}
    return forms - {""}


def _replace_all(text: str, replacements: Mapping[str, str]) -> str:
    """`text` with every key, whatever its case, replaced by its value; longer keys first."""
    if not replacements:
        return text
    by_form = {form.lower(): to for form, to in replacements.items()}
    forms = "|".join(re.escape(form) for form in sorted(by_form, key=len, reverse=True))
    return re.sub(forms, lambda found: by_form[found[0].lower()], text, flags=re.IGNORECASE)
