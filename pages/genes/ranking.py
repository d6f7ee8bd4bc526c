"""Which genes matter most to the network?"""

from landmark.analyses.ranking.view import PAGE

PAGE.render()
