"""Which marks and bins decide for this gene?"""

from landmark.epigenome.marks.view import PAGE

PAGE.render()
