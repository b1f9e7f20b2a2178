/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* QR codes as SVG. */
#pragma once
#include "sys/html.h"

struct mem;

/* `address` (ASCII, percent-encoded) as an <svg> with one path, dark on light in every colour
 * scheme, with its quiet zone; `label` becomes its accessible name. Empty markup when it is too
 * long for a code. */
struct safe_html qr_svg(struct mem *mem, const char *address, const char *label);
