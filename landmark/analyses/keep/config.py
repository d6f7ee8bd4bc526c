"""Which predictor to keep, and how. Imports no numerical library."""

from typing import Annotated

from pydantic import Field

from landmark.configuration import Asked, Configuration, names_file_or

MOST_LICENCE = 2000


class KeepConfiguration(Configuration):
    """Keep a fitted predictor under a name: it stands by itself, and can be taken elsewhere as one file."""

    fit: Annotated[str, Asked(argument=True)] = names_file_or(
        "A finished fit; or the file of a kept predictor, which is brought in.", required=True
    )
    name: Annotated[str, Asked(argument=True)] = Field(
        "",
        description="Name to keep it under: up to 80 letters, digits, blanks, _ and -. Only a file has one already.",
    )
    licence: str = Field(
        "",
        max_length=MOST_LICENCE,
        description="What others may do with it, in your words; it goes along with the predictor.",
    )
    without_values: bool = Field(
        False,
        description="Leave out the values of the training samples, where these must not be passed on: missing landmark "
        "genes cannot be made up for then, the nearest training samples are not named, and intervals are as wide for "
        "samples of a strange kind.",
    )
