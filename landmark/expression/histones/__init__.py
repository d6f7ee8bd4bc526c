"""Histone marks around the start of genes: their layout on disk, their checks, and a simulation."""
