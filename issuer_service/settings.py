"""What differs between installations, read from the environment (ISSUER_SERVICE_…) when asked for."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["Settings"]


def _without_final_slash(url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise ValueError("should begin with https:// (or http:// on this machine only)")
    return url.rstrip("/")


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
    secret: SecretStr = Field(
        min_length=16,
        description="Encrypts the signing keys and makes the claim links; 16 characters or more. Keep a copy apart.",
    )
