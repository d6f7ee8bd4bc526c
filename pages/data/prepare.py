"""What should be done before training?"""

from landmark.ui.panels.prepare import PAGE

PAGE.render()
