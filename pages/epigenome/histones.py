"""What marks surround active and silent genes?"""

from landmark.ui.panels.histones import PAGE

PAGE.render()
