"""Where datasets come from: GEO, examples, simulation, and a look at files before they are imported."""
