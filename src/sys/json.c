/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From jansson's own pieces straight into a buffer: no second copy, and the buffer's maximum holds.
 */
#include "sys/json.h"

#include <jansson.h>

#include "base/buf.h"

static int take_bytes(const char *bytes, size_t count, void *out)
{
    buf_add(out, bytes, count);
    return 0;
}

void buf_put_json(struct buf *out, const struct json_t *json, size_t flags)
{
    json_dump_callback(json, take_bytes, out, flags);
}
