"""Configuration, the epoch as one jitted scan, fit, checkpoint, device mesh."""
