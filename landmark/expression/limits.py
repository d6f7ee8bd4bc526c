"""How much a file may hold, in one place: a small file can claim, or unpack to, more than a machine has."""

from dataclasses import dataclass

from landmark.errors import BadData
from landmark.settings import settings

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Bounds that every reader holds.

    Attributes
    ----------
    unpacked_bytes
        What a compressed file may unpack to.
    growth
        A file larger than ``unpacked_bytes`` on disk may claim this many times its own size; real expression
        matrices compress less than tenfold.
    names
        Longest axis: samples or genes.
    name_bytes
        Longest single name or annotation, in bytes.
    line_bytes
        Longest line of a text file: 130,000 samples of 20 characters are 2.6 MB.
    annotations
        Most annotation columns kept per axis.
    objects
        Most objects in an HDF5 file and members in an archive.
    seconds
        Longest time that looking through an HDF5 file may take before it is read.
    sheet_cells
        Most cells read from a sheet of a workbook, empty ones included; they are read slowly.
    """

    unpacked_bytes: int
    growth: int = 10
    names: int = 5_000_000
    name_bytes: int = 10_000
    line_bytes: int = 64 * MEGABYTE
    annotations: int = 2_000
    objects: int = 100_000
    sheet_cells: int = 20_000_000
    seconds: float = 120

    def check_matrix(self, rows: int, columns: int, file_bytes: int, where: str) -> None:
        """Refuse a declared matrix [rows, columns] that would not fit, before anything of it is read.

        Raises
        ------
        BadData
            The matrix has an empty or too long axis, or would take too much memory as float32.
        """
        if rows < 1 or columns < 1:
            raise BadData(f"{where} holds no values: its matrix is {rows:,} x {columns:,}.")
        if max(rows, columns) > self.names:
            raise BadData(
                f"{where} claims a matrix of {rows:,} x {columns:,}; at most {self.names:,} per axis are "
                "read."
            )
        self.check_bytes(rows * columns * 4, file_bytes, where)

    def check_text(self, characters: int, where: str) -> None:
        """Refuse names or annotations of which one column has more characters than any file may unpack to."""
        if characters > self.unpacked_bytes:
            raise BadData(
                f"{where} holds more than {self.unpacked_bytes / MEGABYTE:,.0f} MB of names in one column: it is no "
                "expression matrix."
            )

    def check_bytes(self, claimed: int, file_bytes: int, where: str) -> None:
        """Refuse content of ``claimed`` bytes in a file of ``file_bytes`` bytes."""
        allowed = max(self.unpacked_bytes, self.growth * file_bytes)
        if claimed > allowed:
            raise BadData(
                f"{where} claims {claimed / MEGABYTE:,.0f} MB of values in a file of "
                f"{file_bytes / MEGABYTE:,.1f} MB; at most {allowed / MEGABYTE:,.0f} MB are read. If the "
                "file is sound, raise LANDMARK_MAX_UPLOAD_MB."
            )


def limits() -> Limits:
    """Give the limits of this machine: what an archive may unpack to is the setting ``max_upload_mb``."""
    return Limits(unpacked_bytes=settings().max_upload_mb * MEGABYTE)
