/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* QR codes by libqrencode, which makes the squares; they are drawn here as one path, a piece for
 * each run of dark squares in a row. Colours are attributes, since the Content-Security-Policy
 * takes no style, and the white ground is drawn, since a code must stay dark on light on a dark
 * page. */
#include "sys/qr.h"

#include <assert.h>
#include <qrencode.h>

#include "base/buf.h"

enum {
    QUIET_SQUARES = 4, /* ISO/IEC 18004 asks for four on each side */
    SVG_BYTES_MAX = 384 * 1024
};

/* Adds the runs of dark squares of one row, whose first square is squares[0]. */
static void row_draw(struct buf *out, const unsigned char *squares, int width, int y)
{
    int x = 0;
    while (x < width) {
        int from = x;
        while (x < width && squares[x] & 1)
            x++;
        if (x > from)
            buf_printf(out, "M%d %dh%dv1h-%dz", from + QUIET_SQUARES, y + QUIET_SQUARES, x - from,
                       x - from);
        else
            x++;
    }
}

static void code_draw(struct html *h, const QRcode *code, const char *label)
{
    int size = code->width + 2 * QUIET_SQUARES;
    buf_printf(h->out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
               " shape-rendering=\"crispEdges\" role=\"img\" aria-label=\"",
               size, size);
    html_attribute_string(h, label);
    buf_printf(h->out,
               "\"><rect width=\"%d\" height=\"%d\" fill=\"#fff\"/><path fill=\"#000\" d=\"", size,
               size);
    for (int y = 0; y < code->width; y++)
        row_draw(h->out, code->data + y * code->width, code->width, y);
    buf_put(h->out, "\"/></svg>");
}

struct safe_html qr_svg(struct mem *mem, const char *address, const char *label)
{
    assert(address && label);
    QRcode *code = QRcode_encodeString8bit(address, 0, QR_ECLEVEL_M);
    if (!code)
        return (struct safe_html){""};
    struct html html = {.out = buf_new(mem, SVG_BYTES_MAX), .mem = mem};
    code_draw(&html, code, label);
    QRcode_free(code);
    return (struct safe_html){html.out->over ? "" : html.out->bytes};
}
