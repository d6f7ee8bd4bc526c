"""Several datasets merged on their common genes."""
