"""Can these datasets be used together?"""

from landmark.ui.panels.merge import PAGE

PAGE.render()
