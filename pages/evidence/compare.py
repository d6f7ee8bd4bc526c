"""Does my gene set predict better than L1000?"""

from landmark.ui.panels.compare import PAGE

PAGE.render()
