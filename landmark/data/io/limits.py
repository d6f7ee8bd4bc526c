"""Limits on what a file may hold: a small file can claim, or unpack to, more than a machine has."""

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
    ratio
        A packed file may unpack to this many times its own size, and the texts of a Parquet file or a workbook may be
        this many times as long as the file; text of real matrices is 3 to 40 times as long as the packed file.
    free_bytes
        So much may come out of the smallest file.
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
    sheet_rows
        Last row that a sheet may have, empty ones included; Excel itself has no more.
    """

    unpacked_bytes: int
    growth: int = 10
    ratio: int = 250
    free_bytes: int = 16 * MEGABYTE
    names: int = 5_000_000
    name_bytes: int = 10_000
    line_bytes: int = 64 * MEGABYTE
    annotations: int = 2_000
    objects: int = 100_000
    sheet_cells: int = 20_000_000
    sheet_rows: int = 1_048_576
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

    def most_unpacked(self, file_bytes: int) -> int:
        """Tell how many bytes may come out of a packed file of ``file_bytes`` bytes."""
        most = max(self.unpacked_bytes, self.growth * file_bytes)
        return min(most, max(self.free_bytes, self.ratio * file_bytes))

    def check_unpacked(self, size: int, file_bytes: int, where: str) -> None:
        """Refuse content that takes ``size`` bytes once it is unpacked from a file of ``file_bytes`` bytes."""
        most = self.most_unpacked(file_bytes)
        if size > most:
            setting = "MAX_GROWTH" if most < self.unpacked_bytes else "MAX_UPLOAD_MB"
            raise BadData(
                f"{where} unpacks to more than {most / MEGABYTE:,.0f} MB, from {file_bytes / MEGABYTE:,.2f} MB. If the "
                f"file is sound, raise LANDMARK_{setting}."
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
    """Give the limits of this machine, as far as they are settings."""
    chosen = settings()
    return Limits(
        unpacked_bytes=chosen.max_upload_mb * MEGABYTE,
        ratio=chosen.max_growth,
        names=chosen.max_names,
        sheet_cells=chosen.max_cells,
    )
