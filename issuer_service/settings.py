"""What differs between installations, read from the environment (ISSUER_SERVICE_…) when asked for."""

from __future__ import annotations

from email.errors import HeaderParseError
from email.headerregistry import Address
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["Settings", "VcApi"]


class VcApi(StrEnum):
    """Is the VC-API there, and who may use it?"""

    OFF = "off"
    WITH_KEY = "with-key"
    OPEN = "open"


_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def _without_final_slash(url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise ValueError("should begin with https:// (or http:// on this machine only)")
    return url.rstrip("/")


def _https_or_local(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in _LOCAL:
        raise ValueError("should begin with https://, or be on this machine")
    return _without_final_slash(url)


def _mail_address(text: str) -> str:
    try:
        address = Address(addr_spec=text)
    except (ValueError, HeaderParseError) as error:
        raise ValueError("should be an address, such as badges@opleider.example") from error
    if not address.username or not address.domain or not text.isascii():
        raise ValueError("should be an address, such as badges@opleider.example")
    return text


def _known_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("this machine knows no such zone; see that its tzdata is installed") from error
    return text


def _host_and_port(text: str) -> str:
    parts = urlsplit(f"//{text}")
    if not parts.hostname or parts.port is None:
        raise ValueError("should be a host and a port, such as 127.0.0.1:9101")
    return text


class Settings(BaseSettings):
    """The installation's settings. Pydantic raises ValidationError, naming the field that is amiss."""

    model_config = SettingsConfigDict(env_prefix="ISSUER_SERVICE_", frozen=True)

    database_url: str = Field(
        default="sqlite:///issuer-service.sqlite",
        description="sqlite:///FILE, or postgresql+psycopg://USER@HOST/DATABASE",
    )
    base_url: Annotated[str, AfterValidator(_without_final_slash)] = Field(
        default="http://127.0.0.1:8000",
        description="The public address. It goes into every badge and cannot change afterwards.",
    )
    listen_address: Annotated[str, AfterValidator(_host_and_port)] | None = Field(
        default=None,
        description="Where this process serves, such as 127.0.0.1:8000 behind a proxy; left out, at the base "
        "URL's host and port.",
    )
    secret: SecretStr = Field(
        min_length=16,
        description="Makes the claim links and the webhooks' secrets, seals the audit trail, and encrypts the signing "
        "keys unless there is a key_secret; 16 characters or more. Keep a copy apart.",
    )
    key_secret: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="Encrypts the signing keys in the database; 16 characters or more. Keep a copy apart.",
    )
    previous_key_secret: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="What the keys were encrypted under before, for as long as they are not all encrypted anew.",
    )
    key_store: Literal["database", "pkcs11", "transit"] = Field(
        default="database", description="Where new signing keys are kept; older ones stay where they were made."
    )
    pkcs11_library: str | None = Field(
        default=None, description="The PKCS#11 library of the HSM, such as /usr/lib/softhsm/libsofthsm2.so."
    )
    pkcs11_token: str | None = Field(default=None, description="The label of the HSM's token.")
    pkcs11_pin: SecretStr | None = Field(default=None, description="The PIN of that token's user.")
    transit_address: Annotated[str, AfterValidator(_https_or_local)] | None = Field(
        default=None, description="Where Vault or OpenBao is, whose transit engine keeps signing keys."
    )
    transit_mount: str = Field(default="transit", description="The path that the transit engine is mounted at.")
    transit_token: SecretStr | None = Field(
        default=None, description="The token to call it with; left out where an agent adds one."
    )
    transit_ca_file: str | None = Field(
        default=None, description="The certificates that its server is trusted by; left out, the system's."
    )
    publication_folder: Path | None = Field(
        default=None,
        description="A folder outside the database that keeps what was last published of each status list and DID "
        "document, so that a restored backup takes nothing back. Back it up apart.",
    )
    metrics_address: Annotated[str, AfterValidator(_host_and_port)] | None = Field(
        default=None, description="Where this process shows its Prometheus metrics, such as 127.0.0.1:9101."
    )
    tracing: bool = Field(
        default=False, description="Tell OpenTelemetry of every request and job; its SDK has its own settings (OTEL_…)."
    )
    identity_issuer: str | None = Field(
        default=None, description="The identity provider that is trusted, by its issuer address (OpenID Connect)."
    )
    identity_audience: str | None = Field(
        default=None, description="The audience that the provider's access tokens must be for."
    )
    identity_client_id: str | None = Field(
        default=None, description="This service's name at the provider, for signing in and for introspection."
    )
    identity_client_secret: SecretStr | None = Field(
        default=None, description="The secret that goes with that name; left out for a public client."
    )
    outbound_allowed_networks: tuple[IPv4Network | IPv6Network, ...] = Field(
        default=(),
        description='Networks that may be called though they are not public, such as ["10.1.0.0/16"]; also by http.',
    )
    smtp_host: str | None = Field(
        default=None,
        description="The mail server that notices are handed to; left out, they stay in the outbox, to be read there.",
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Its port.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="How the connection to it is secured: starttls (587), tls from the beginning (465), or none, for "
        "a server on this machine or in a network that nobody else is in.",
    )
    smtp_user: str | None = Field(default=None, description="Our name at it; left out where it asks for none.")
    smtp_password: SecretStr | None = Field(default=None, description="The password that goes with that name.")
    smtp_ca_file: str | None = Field(
        default=None, description="The certificates that it is trusted by; left out, the system's."
    )
    mail_from: Annotated[str, AfterValidator(_mail_address)] | None = Field(
        default=None, description="The address that notices are from, such as badges@opleider.example."
    )
    time_zone: Annotated[str, AfterValidator(_known_zone)] = Field(
        default="Europe/Amsterdam", description="The zone in which people are told when something is."
    )
    rate_limit_per_key: str = Field(default="6000/minute", description="How often one key or token may call.")
    rate_limit_per_address: str = Field(default="600/minute", description="How often one address may, without a key.")
    rate_limit_storage: str = Field(
        default="memory://", description="Where calls are counted; a shared store when several processes serve."
    )
    vc_api: VcApi = Field(
        default=VcApi.OFF,
        description="The VC-API for conformance suites at /vc-api: off, with-key (scope vc-api), or open to everybody.",
    )
    vc_api_secret: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="The VC-API's keys follow from it: 32 random characters or more, and never the secret above.",
    )

    @model_validator(mode="after")
    def _vc_api_has_keys_of_its_own(self) -> Self:
        if self.vc_api is not VcApi.OFF and self.vc_api_secret is None:
            raise ValueError("the VC-API needs a secret of its own: set ISSUER_SERVICE_VC_API_SECRET")
        # What the VC-API signs is for trying out, and its public keys let anybody guess at what they follow from.
        if self.vc_api_secret is not None and self.vc_api_secret == self.secret:
            raise ValueError("ISSUER_SERVICE_VC_API_SECRET must be another secret than ISSUER_SERVICE_SECRET")
        return self

    @model_validator(mode="after")
    def _can_mail(self) -> Self:
        if self.smtp_host is not None and self.mail_from is None:
            raise ValueError("whom is mail from? set ISSUER_SERVICE_MAIL_FROM")
        if (self.smtp_user is None) != (self.smtp_password is None):
            raise ValueError("give ISSUER_SERVICE_SMTP_USER and ISSUER_SERVICE_SMTP_PASSWORD both, or neither")
        if self.smtp_password is not None and self.smtp_security == "none" and self.smtp_host not in _LOCAL:
            raise ValueError("a password is not sent in the clear: set ISSUER_SERVICE_SMTP_SECURITY")
        return self

    @model_validator(mode="after")
    def _has_its_key_store(self) -> Self:
        needed = {
            "database": (),
            "pkcs11": ("pkcs11_library", "pkcs11_token", "pkcs11_pin"),
            "transit": ("transit_address",),
        }
        missing = [name for name in needed[self.key_store] if getattr(self, name) is None]
        if missing:
            raise ValueError(f"key_store {self.key_store} needs {' and '.join(missing)}")
        return self
