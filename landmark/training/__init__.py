"""How networks are trained: problem, data, optimisers, compiled steps, fit, checkpoints, mesh."""
