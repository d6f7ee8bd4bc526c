"""How many genes do I need?"""

from landmark.ui.panels.size import PAGE

PAGE.render()
