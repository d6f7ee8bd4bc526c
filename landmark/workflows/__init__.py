"""One file per verb: takes a configuration and ids, writes a run, reports progress."""
