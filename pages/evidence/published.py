"""How do our figures stand beside published ones?"""

from landmark.analyses.compare.view_published import render

render()
