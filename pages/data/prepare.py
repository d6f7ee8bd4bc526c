"""What should be done before training?"""

from landmark.analyses.prepare.view import PAGE

PAGE.render()
