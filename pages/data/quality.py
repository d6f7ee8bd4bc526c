"""Can I trust these samples?"""

from landmark.ui.panels.quality import PAGE

PAGE.render()
