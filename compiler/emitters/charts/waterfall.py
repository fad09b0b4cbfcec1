"""Waterfall: from one figure to another, reason by reason."""

from compiler.emitters.charts.canvas import BLUE, FAINT, GREY, INK, PALE_RED, RED, Axes, Chart, quiet, row_label, ruler
from compiler.quantities.display import digits
from compiler.report.reasons import Difference, Reason

MOST = 9


def waterfall(found: Difference) -> Chart:
    """Chart of the reasons for a difference, as steps from one design to the other; small ones are drawn together."""
    shares = _above_zero(_fewer(found.shares), found.start)
    along = ruler(max(abs(found.start), abs(found.end)), found.dimension)
    ratio = f", {digits(found.end / found.start, 3)} times as much" if found.start else ""
    one, other = found.designs
    says = f"{one}: {along.text(found.start)}   →   {other}: {along.text(found.end)}{ratio}"
    foot = "Every input at its middle. Shares of products are logarithmic (LMDI) and add up to the whole difference."

    def paint(axes: Axes) -> None:
        rows = [(one, "", 0.0, found.start, "total")]
        at = found.start
        for share in shares:
            rows.append((share.label, _change(share), at, share.share, "up" if share.share >= 0 else "down"))
            at += share.share
        rows.append((other, "", 0.0, found.end, "total"))
        ends = [along.of(v) for _, _, start, size, _ in rows for v in (start, start + size)]
        low, high = min(0.0, *ends), max(0.0, *ends)
        room = (high - low) or 1.0
        axes.set_xlim(low - (0.02 if low == 0 else 0.14) * room, high + 0.16 * room)
        axes.set_ylim(len(rows) - 0.35, -0.65)
        for place, (label, detail, start, size, kind) in enumerate(rows):
            left, wide = along.of(start), along.of(size)
            _bar(axes, place, left, wide, kind)
            tip = max(left, left + wide) + 0.01 * room
            sign = "" if kind == "total" else "+" if size >= 0 else "−"
            told = sign + (along.text(abs(size)) if len(along.unit) <= 5 else digits(abs(along.of(size)), 3))
            axes.text(tip, place, told, va="center", fontsize=9.5, fontweight="bold" if kind == "total" else "normal")
            row_label(axes, place, label, detail, kind == "total")
            if place + 1 < len(rows):
                end = left + wide
                axes.plot([end, end], [place + 0.32, place + 0.68], color=FAINT, linewidth=0.8)
        axes.set_yticks([])
        axes.axvline(0, color=INK, linewidth=1.0)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(along.named(found.title))
        quiet(axes)

    rows = len(shares) + 2
    return Chart(found.title, says, paint, foot, left=0.33, right=0.03, height=max(5.625, 1.9 + 0.42 * rows))


def _bar(axes: Axes, place: int, left: float, wide: float, kind: str) -> None:
    looks = {
        "total": {"facecolor": GREY, "edgecolor": INK},
        "up": {"facecolor": BLUE, "edgecolor": INK},
        "down": {"facecolor": PALE_RED, "edgecolor": RED, "hatch": "////"},
    }
    axes.barh(place, wide, left=left, height=0.64, linewidth=0.8, **looks[kind])


def _change(share: Reason) -> str:
    if share.before == "not there":
        return f"only there: {share.after}"
    return f"no longer: {share.before}" if share.after == "not there" else f"{share.before} → {share.after}"


def _above_zero(shares: tuple[Reason, ...], start: float) -> tuple[Reason, ...]:
    """The steps in their order, or those that add first when the total would otherwise fall below zero on the way."""
    at = lowest = start
    for share in shares:
        at += share.share
        lowest = min(lowest, at)
    return shares if lowest >= 0 or start < 0 else tuple(sorted(shares, key=lambda share: share.share < 0))


def _fewer(shares: tuple[Reason, ...]) -> tuple[Reason, ...]:
    if len(shares) <= MOST:
        return shares
    rest = shares[MOST - 1 :]
    return (*shares[: MOST - 1], Reason(f"{len(rest)} smaller reasons", "", "", sum(share.share for share in rest)))
