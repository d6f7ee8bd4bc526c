"""A prediction of samples that were measured in another way."""
