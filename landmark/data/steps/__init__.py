"""Steps that prepare a matrix for training, one form of each: the samples pass in blocks."""
