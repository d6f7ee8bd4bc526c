"""The folder of small published tables; ``assets/SOURCES.md`` names where each is from."""

from pathlib import Path

ASSETS = Path(__file__).parents[2] / "assets"
