"""Landmark: mining influential genes with a deep autoencoder, after Kong et al. (2021).

The packages from the ground up: expression, nets, training, attribution, genesets, inference, evaluation,
embedding, runs, workflows, jobs, figures, ui. Each may import those before it, never those after it.
"""

__version__ = "0.4.0"
