"""Which genes together say most?"""

from landmark.ui.panels.selection import PAGE

PAGE.render()
