"""Does it hold on another platform?"""

from landmark.ui.panels.platform import PAGE

PAGE.render()
