"""How well can a whole sample be inferred, and by which method?"""

from landmark.ui.panels.predictors import PAGE

PAGE.render()
