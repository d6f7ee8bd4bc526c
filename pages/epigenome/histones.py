"""What marks surround active and silent genes?"""

from landmark.epigenome.histones.view import PAGE

PAGE.render()
