"""Showing rows as bodies."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel

__all__ = ["Shown"]


class Shown(BaseModel):
    """What is shown of a row."""

    @classmethod
    def of(cls, row: object) -> Self:
        """The fields of that row."""
        return cls.model_validate(row, from_attributes=True)
