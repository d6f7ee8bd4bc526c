"""How much of this is luck?"""

from landmark.ui.panels.seeds import PAGE

PAGE.render()
