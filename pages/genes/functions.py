"""What do the chosen genes do?"""

from landmark.analyses.functions.view import PAGE

PAGE.render()
