"""Does it hold on another platform?"""

from landmark.analyses.platform.view import PAGE

PAGE.render()
