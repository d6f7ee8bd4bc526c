"""Can I trust these samples?"""

from landmark.analyses.quality.view import PAGE

PAGE.render()
