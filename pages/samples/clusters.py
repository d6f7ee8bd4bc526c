"""Does the bottleneck keep the biology?"""

from landmark.analyses.clusters.view import PAGE

PAGE.render()
