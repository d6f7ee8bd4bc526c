"""How do I train the paper's network here?"""

from landmark.ui.panels.train import PAGE

PAGE.render()
