"""Which genes together say most?"""

from landmark.analyses.selection.view import PAGE

PAGE.render()
