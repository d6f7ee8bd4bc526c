"""Which way of choosing is best?"""

from landmark.analyses.benchmark.view import PAGE

PAGE.render()
