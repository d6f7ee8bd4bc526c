"""Gene sets compared by how well they predict the other genes."""
