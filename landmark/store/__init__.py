"""What was computed: manifests, the run store, the dataset store, export."""
