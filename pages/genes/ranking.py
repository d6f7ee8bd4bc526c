"""Which genes matter most to the network?"""

from landmark.ui.panels.ranking import PAGE

PAGE.render()
