"""Limits on what a file may hold: a small file can claim, or unpack to, more than a machine has."""

from dataclasses import dataclass

from landmark.errors import BadData
from landmark.settings import settings

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Bounds that every reader holds."""

    unpacked_bytes: int  # what a compressed file may unpack to
    # a file larger than ``unpacked_bytes`` on disk may claim this many times its own size; real expression
    # matrices compress less than tenfold
    growth: int = 10
    # a packed file may unpack to this many times its own size, and the texts of a Parquet file or a workbook
    # may be this many times as long as the file; text of real matrices is 3 to 40 times as long as the packed
    # file
    ratio: int = 250
    free_bytes: int = 16 * MEGABYTE  # so much may come out of the smallest file
    names: int = 5_000_000  # longest axis: samples or genes
    name_bytes: int = 10_000  # longest single name or annotation, in bytes
    # longest line of a text file: 130,000 samples of 20 characters are 2.6 MB
    line_bytes: int = 64 * MEGABYTE
    annotations: int = 2_000  # most annotation columns kept per axis
    objects: int = 100_000  # most objects in an HDF5 file and members in an archive
    # most cells read from a sheet of a workbook, empty ones included; they are read slowly
    sheet_cells: int = 20_000_000
    # last row that a sheet may have, empty ones included; Excel itself has no more
    sheet_rows: int = 1_048_576
    seconds: float = 120  # longest time that looking through an HDF5 file may take before it is read

    def check_matrix(self, rows: int, columns: int, file_bytes: int, where: str) -> None:
        """Refuse a declared matrix [rows, columns] that has an empty or too long axis, or would not fit as
        float32.
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
