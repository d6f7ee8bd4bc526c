"""Histone marks around genes: profiles, readers, simulation."""
