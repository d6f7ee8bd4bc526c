"""What do histone marks say of expression?"""

from landmark.ui.panels.deepchrome import PAGE

PAGE.render()
