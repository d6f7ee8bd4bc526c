"""How well can a whole sample be inferred, and by which method?"""

from landmark.analyses.predictors.view import PAGE

PAGE.render()
