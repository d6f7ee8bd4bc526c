"""Kept predictors: list, keep, download, bring in, delete."""

from landmark.analyses.keep.view import render

render()
