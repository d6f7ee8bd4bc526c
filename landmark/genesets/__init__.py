"""A gene set, the published sets, and ways to choose one."""
