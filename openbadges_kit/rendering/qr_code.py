"""A QR code as SVG, to stand in a page or on paper."""

from __future__ import annotations

import io

__all__ = ["draw_qr_code"]


def draw_qr_code(text: str) -> str:
    """The QR code of `text` as an SVG element, black on white with the quiet zone that readers need."""
    import qrcode  # noqa: PLC0415  # with its image module, and only who draws one needs them
    from qrcode.image.svg import SvgPathFillImage  # noqa: PLC0415

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    code.make(fit=True)
    out = io.BytesIO()
    code.make_image(image_factory=SvgPathFillImage).save(out)
    svg = out.getvalue().decode()
    return svg[svg.index("<svg") :]
