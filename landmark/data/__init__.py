"""The expression matrix: AnnData with samples in ``obs``, genes in ``var`` and float32 values in ``X``.

``read`` is the way in. It is loaded on first use, so that importing this package costs nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from landmark.data.reading import read

__all__ = ["read"]


def __getattr__(name: str) -> Any:
    if name == "read":
        from landmark.data.reading import read

        return read
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
