"""Which landmark genes drive the prediction of a gene?"""

from landmark.analyses.explain.view import PAGE

PAGE.render()
