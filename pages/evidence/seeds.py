"""How much of this is luck?"""

from landmark.analyses.replicates.view import PAGE

PAGE.render()
