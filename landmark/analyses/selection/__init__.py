"""Choose genes that together predict the others."""
