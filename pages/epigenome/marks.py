"""Which marks and bins decide for this gene?"""

from landmark.ui.panels.marks import PAGE

PAGE.render()
