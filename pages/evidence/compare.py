"""Does my gene set predict better than L1000?"""

from landmark.analyses.compare.view import PAGE

PAGE.render()
