"""Train the paper's autoencoder."""
