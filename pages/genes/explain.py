"""Which landmark genes drive the prediction of a gene?"""

from landmark.ui.panels.explain import PAGE

PAGE.render()
