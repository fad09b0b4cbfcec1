"""Charts of studies: one file, one chart; a chart is data and a function that paints it on axes.

matplotlib, of the extra `studies`, is imported when a chart is drawn and not before. Colour is never the only sign:
hatching, markers and words on the marks say the same, so that a chart survives a black-and-white printer.
"""

from compiler.emitters.charts.canvas import FORMATS, Chart, drawn

__all__ = ["FORMATS", "Chart", "drawn"]
