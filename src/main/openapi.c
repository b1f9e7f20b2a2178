/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* `essaim openapi` prints the document that is served at /api/openapi.json. It needs no data. */
#include "web/openapi.h"

#include <stdio.h>

#include "base/mem.h"
#include "main/commands.h"
#include "main/features.h"
#include "main/settings.h"

enum { COMMAND_BYTES_MAX = 16 * 1024 * 1024 };

int command_openapi(const struct settings *settings)
{
    struct mem *mem = mem_new(COMMAND_BYTES_MAX);
    bool is_out = fputs(openapi_text(mem, all_features, settings->config.base_url), stdout) >= 0 &&
                  fflush(stdout) == 0;
    mem_free(mem);
    return is_out ? 0 : 1;
}
