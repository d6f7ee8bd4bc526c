"""Which way of choosing is best?"""

from landmark.ui.panels.tournament import PAGE

PAGE.render()
