"""What every operation of a network does with a difference from the reference: the rescale rule."""
