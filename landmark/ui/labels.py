"""Labels of options, each different: a widget tells its options apart by their labels alone."""

from collections import Counter
from collections.abc import Mapping


def distinct(labels: Mapping[str, str]) -> dict[str, str]:
    """Add the id to every label that occurs more than once.

    Parameters
    ----------
    labels
        Id of each option, and its label.
    """
    counts = Counter(labels.values())
    return {name: f"{label} · {name}" if counts[label] > 1 else label for name, label in labels.items()}
