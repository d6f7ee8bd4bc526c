"""What people ask of their data: one folder per analysis, and the registry that names them all."""
