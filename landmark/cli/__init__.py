"""The command line: a thin face of analyses and jobs."""
