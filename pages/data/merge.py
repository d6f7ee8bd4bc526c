"""Can these datasets be used together?"""

from landmark.analyses.merge.view import PAGE

PAGE.render()
