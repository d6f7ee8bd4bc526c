"""What do the chosen genes do?"""

from landmark.ui.panels.functions import PAGE

PAGE.render()
