"""Does the bottleneck keep the biology?"""

from landmark.ui.panels.clusters import PAGE

PAGE.render()
