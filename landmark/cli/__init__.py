"""The command line: a thin face of workflows and jobs."""
