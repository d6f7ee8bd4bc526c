"""What did the network learn?"""

from landmark.ui.panels.reconstruction import PAGE

PAGE.render()
