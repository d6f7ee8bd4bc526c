"""What runs of analyses share: context, steps, gene sets by name, splits, groups, devices."""
