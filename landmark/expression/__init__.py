"""The expression matrix: AnnData with samples in ``obs``, genes in ``var`` and float32 values in ``X``."""
