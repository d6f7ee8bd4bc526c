"""What to import, and how. Imports no numerical library."""

import json
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from landmark.configuration import Asked, Configuration, left_open, names_file

Orientation = Literal["found", "genes in rows", "genes in columns"]
Names = Literal["found", "symbol", "hgu133a_probe", "entrez", "ensembl", "unknown"]
MissingValues = Literal["refuse", "drop genes", "gene median"]
Collapse = Literal["none", "mean", "most variable"]
Rest = Literal["keep", "leave out"]


class ImportConfiguration(Configuration):
    """Bring a matrix in: from a file, from GEO or from an example, with every answer about what it holds."""

    path: Annotated[str, Asked(argument=True)] = names_file(
        "File to read, or a folder with tables of RNAseqDB, which are joined."
    )
    example: str = Field("", description="Name of a built-in example, instead of a file.")
    accession: str = Field(
        "", description="Accession of a GEO series, such as GSE10072, instead of a file; it is downloaded."
    )
    platform: str = Field(
        "",
        description="Platform to take, such as GPL96, where a series has several; empty for the one whose "
        "probes are known here, or with most samples.",
    )
    title: str = Field("", description="Name shown to people; by default that of the file or example.")
    orientation: Orientation = Field(
        "found", description="Where the file has its genes; by default found from the names."
    )
    identifier: Names = Field(
        "found", description="What names the genes carry; by default found from the names."
    )
    names_from: str = Field(
        "",
        description="Column of the file that names the genes, such as Gene.Symbol or Description; empty for the names "
        "that the file gives them.",
    )
    missing: MissingValues = Field(
        "refuse",
        description="What to do about missing values: refuse the file, drop the genes that have any, or fill "
        "in the median of the gene among the training samples.",
    )
    log2: bool = Field(False, description="Take log2(x + 1): for values that are not logged yet.")
    collapse: Collapse = Field(
        "none",
        description="Bring probes of one gene, and genes of one name, together by their mean or by keeping the one "
        "that is most variable among the training samples.",
    )
    gene_table: str = names_file(
        "Table with the gene symbol of every name, for arrays that are not known here: two columns, or the table of a "
        "GEO platform or of a maker of arrays, as CSV, TSV or Excel."
    )
    gene_table_rest: Rest = Field(
        "keep",
        description="What becomes of genes for which that table has no symbol: keep their names, or leave out.",
    )
    annotations: str = names_file(
        "Table that describes the samples, joined by sample name: CSV, TSV or Excel."
    )
    annotations_by: str = Field(
        "", description="Column of that table with the sample names; by default the one that fits best."
    )
    columns: Annotated[tuple[str, ...] | None, Asked("--column")] = Field(
        None, description="Annotation columns to keep, by name; by default all."
    )
    held_out: float = left_open(
        0.2,
        "Share of the samples kept for testing. The paper holds out 10% of 111,009; smaller collections need "
        "more for steady figures.",
        gt=0,
        lt=1,
    )
    split_by: str = left_open(
        "",
        "Annotation column, such as the patient or the study: samples that share its value stay on one side of "
        "the split. Empty to draw every sample by itself.",
    )
    test_groups: Annotated[tuple[str, ...], Asked("--test-group")] = Field(
        (),
        description="Values of that column whose samples are held out for testing, such as an organ that training must "
        "not see; empty to draw groups at random.",
    )
    test_group_count: int = Field(
        0,
        ge=0,
        description="Instead of names, a number of groups that are drawn at random and held out, "
        "such as three organs; 0 for as many as come nearest to the share.",
    )
    seed: int = left_open(0, "Seed of the split, and of the example where it is simulated.", ge=0)

    @field_validator("columns", "test_groups", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        """Take names written with commas, or as a JSON list, for what the command line gives."""
        if not isinstance(value, str):
            return value
        if value.startswith("["):
            try:
                return json.loads(value)
            except ValueError:
                return value
        return [name.strip() for name in value.split(",") if name.strip()]

    @model_validator(mode="after")
    def _one_source(self) -> "ImportConfiguration":
        if (bool(self.path), bool(self.example), bool(self.accession)).count(True) != 1:
            raise ValueError("give either a file or the name of an example or the accession of a GEO series")
        if (self.test_groups or self.test_group_count) and not self.split_by:
            raise ValueError("test_groups and test_group_count need split_by, the annotation of the groups")
        if self.test_groups and self.test_group_count:
            raise ValueError("test_groups names the groups to hold out; leave test_group_count out")
        if self.example and self.answers_about_a_file:
            raise ValueError(
                f"{self.answers_about_a_file[0]} is asked of files only; leave it out for an example"
            )
        return self

    @property
    def answers_about_a_file(self) -> list[str]:
        """Fields that are answered and make sense for a single file only."""
        asked = ("orientation", "identifier", "names_from", "missing", "platform", "gene_table")
        return [name for name in asked if getattr(self, name) != type(self).model_fields[name].default]
