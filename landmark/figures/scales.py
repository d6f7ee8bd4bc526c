"""Colour scales of heat maps. Little is nearly transparent, so that it recedes on a light and on a dark page alike."""

SHARE = ((0.0, "rgba(128,138,150,0.10)"), (0.5, "#B07FB5"), (1.0, "#8C0F70"))
"""From nothing to all of it."""

BELOW_ABOVE = (
    (0.0, "#0B6E7F"),
    (0.25, "#5FA8B3"),
    (0.5, "rgba(128,138,150,0.10)"),
    (0.75, "#D98B6E"),
    (1.0, "#A8341C"),
)
"""From below to above the mean of all samples."""
