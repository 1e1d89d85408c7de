"""Native bar charts, and the drawing that holds them.

Owns: the XML of both. The title is the message; plan is outlined, baseline solid (IBCS).
"""

from __future__ import annotations

from collections.abc import Sequence

from workbooks.package.namespaces import REL
from workbooks.package.texts import escaped
from workbooks.tabs.model import Chart, Series

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_EMU = 9525  # of a pixel
_QUIET = "616E7C"
_INK = "1F2933"

CHART_NAME = "target-cascade chart"
"""How the frames of our charts are called, so that they are known among other people's."""


def drawing_xml(charts: Sequence[Chart], relations: Sequence[str]) -> str:
    """Return the drawing part of a sheet. relations : relationship id of each chart."""
    frames = "".join(
        f"<xdr:oneCellAnchor><xdr:from><xdr:col>{chart.column - 1}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>"
        f"{chart.row - 1}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
        f'<xdr:ext cx="{chart.width * _EMU}" cy="{chart.height * _EMU}"/>'
        f'<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="{at + 1}" name="{CHART_NAME} {at}" '
        f'descr="{escaped(chart.title)}"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm>'
        '<a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic>'
        f'<a:graphicData uri="{_C}"><c:chart xmlns:c="{_C}" xmlns:r="{REL}" r:id="{relation}"/></a:graphicData>'
        "</a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:oneCellAnchor>"
        for at, (chart, relation) in enumerate(zip(charts, relations, strict=True), start=1)
    )
    return f'<xdr:wsDr xmlns:xdr="{_XDR}" xmlns:a="{_A}">{frames}</xdr:wsDr>'


def chart_xml(chart: Chart) -> str:
    """Return a chart part."""
    is_bar = chart.kind == "bar"
    bars = [(at, each) for at, each in enumerate(chart.series) if not each.is_line]
    lines = [(at, each) for at, each in enumerate(chart.series) if each.is_line]
    listed = "".join(_series(each, at, chart) for at, each in bars)
    category_side, value_side = ("l", "t") if is_bar else ("b", "l")
    direction = "maxMin" if is_bar else "minMax"
    legend = f'<c:legend><c:legendPos val="b"/>{_hidden_entries(chart)}<c:overlay val="0"/>{_axis_words()}</c:legend>'
    return (
        f'<c:chartSpace xmlns:c="{_C}" xmlns:a="{_A}"><c:roundedCorners val="0"/><c:chart>'
        f"<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr/></a:pPr><a:r>{_words(1100, _INK, is_bold=True)}"
        f'<a:t>{escaped(chart.title)}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>'
        '<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>'
        f'<c:barChart><c:barDir val="{"bar" if is_bar else "col"}"/>'
        f'<c:grouping val="{"stacked" if chart.stacked else "clustered"}"/>'
        f'<c:varyColors val="0"/>{listed}<c:gapWidth val="60"/><c:overlap val="{100 if chart.stacked else -5}"/>'
        f'<c:axId val="50010001"/><c:axId val="50010002"/></c:barChart>{_lines(lines)}'
        f'<c:catAx><c:axId val="50010001"/><c:scaling><c:orientation val="{direction}"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{category_side}"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        f'<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>{_line("CBD2D9")}'
        f'{_axis_words()}<c:crossAx val="50010002"/><c:crosses val="autoZero"/><c:auto val="1"/>'
        '<c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="0"/></c:catAx>'
        '<c:valAx><c:axId val="50010002"/><c:scaling><c:orientation val="minMax"/>'
        f'{_most(chart)}<c:min val="{chart.least:.15g}"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{value_side}"/>'
        f'<c:numFmt formatCode="{escaped(chart.value_format)}" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{_line("")}{_axis_words()}'
        '<c:crossAx val="50010001"/><c:crosses val="autoZero"/><c:crossBetween val="between"/>'
        f"{_step(chart)}</c:valAx>"
        "<c:spPr><a:noFill/></c:spPr></c:plotArea>"
        f"{legend if chart.has_legend else ''}"
        '<c:plotVisOnly val="0"/><c:dispBlanksAs val="gap"/></c:chart>'
        f'<c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>{_outline("CBD2D9")}</c:spPr></c:chartSpace>'
    )


def _step(chart: Chart) -> str:
    return f'<c:majorUnit val="{chart.step:.15g}"/>' if chart.step else ""


def _most(chart: Chart) -> str:
    """Return where the axis of values ends; the standard wants it before where it starts."""
    return f'<c:max val="{chart.most:.15g}"/>' if chart.most > chart.least else ""


def _lines(series: Sequence[tuple[int, Series]]) -> str:
    """Return what is drawn as lines over the bars."""
    if not series:
        return ""
    listed = "".join(
        f'<c:ser><c:idx val="{at}"/><c:order val="{at}"/><c:tx><c:v>{escaped(each.name)}</c:v></c:tx>'
        f"<c:spPr>{_outline(each.fill, 22225)}</c:spPr>"
        f'<c:marker><c:symbol val="none"/></c:marker>{_ranges(each)}<c:smooth val="0"/></c:ser>'
        for at, each in series
    )
    return (
        f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{listed}<c:marker val="1"/>'
        '<c:axId val="50010001"/><c:axId val="50010002"/></c:lineChart>'
    )


def _series(series: Series, at: int, chart: Chart) -> str:
    solid = f'<a:solidFill><a:srgbClr val="{series.fill}"/></a:solidFill>'
    hatched = (
        f'<a:pattFill prst="wdUpDiag"><a:fgClr><a:srgbClr val="{series.fill}"/></a:fgClr>'
        '<a:bgClr><a:srgbClr val="FFFFFF"/></a:bgClr></a:pattFill>'
    )
    fill = "<a:noFill/>" if series.outlined or series.hidden else hatched if series.hatched else solid
    edge = "<a:ln><a:noFill/></a:ln>" if series.hidden else _outline(series.fill)
    return (
        f'<c:ser><c:idx val="{at}"/><c:order val="{at}"/><c:tx><c:v>{escaped(series.name)}</c:v></c:tx>'
        f'<c:spPr>{fill}{edge}</c:spPr><c:invertIfNegative val="0"/>'
        f"{_labels(chart, series) if series.labelled else ''}{_ranges(series)}</c:ser>"
    )


def _ranges(series: Series) -> str:
    return (
        f"<c:cat><c:strRef><c:f>{escaped(series.categories)}</c:f></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>{escaped(series.values)}</c:f></c:numRef></c:val>"
    )


def _labels(chart: Chart, series: Series) -> str:
    """Return the values written at bars; nothing where a bar is nothing."""
    shown = escaped(f"{chart.value_format};-{chart.value_format};")
    words = _axis_words("FFFFFF" if series.fill == _INK and not series.outlined else _INK)
    return (
        f'<c:dLbls><c:numFmt formatCode="{shown}" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln>'
        f'</c:spPr>{words}<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>'
        '<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
    )


def _hidden_entries(chart: Chart) -> str:
    """Return what keeps bars that only carry others out of the legend."""
    return "".join(
        f'<c:legendEntry><c:idx val="{at}"/><c:delete val="1"/></c:legendEntry>'
        for at, each in enumerate(chart.series)
        if each.hidden
    )


def _outline(colour: str, width: int = 12700) -> str:
    return f'<a:ln w="{width}"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></a:ln>'


def _line(colour: str) -> str:
    inner = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>' if colour else "<a:noFill/>"
    return f'<c:spPr><a:ln w="9525">{inner}</a:ln></c:spPr>'


def _words(size: int, colour: str, *, is_bold: bool = False) -> str:
    return (
        f'<a:rPr lang="en-US" sz="{size}" b="{int(is_bold)}"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
        "</a:rPr>"
    )


def _axis_words(colour: str = _QUIET) -> str:
    return (
        f'<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="900"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
        '</a:defRPr></a:pPr><a:endParaRPr lang="en-US"/></a:p></c:txPr>'
    )
