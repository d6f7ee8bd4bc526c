"""What did the network learn?"""

from landmark.analyses.train.view_reconstruction import PAGE

PAGE.render()
