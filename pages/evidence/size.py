"""How many genes do I need?"""

from landmark.analyses.size.view import PAGE

PAGE.render()
