"""Plotly figures, each drawn from one result table."""
