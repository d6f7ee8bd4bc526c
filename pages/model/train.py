"""How do I train the paper's network here?"""

from landmark.analyses.train.view import PAGE

PAGE.render()
