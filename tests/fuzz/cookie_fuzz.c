/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cookie headers. */
#include <string.h>

#include "base/mem.h"
#include "fuzz/fuzz.h"
#include "sys/http.h"
#include "web/app.h"
#include "web/request.h"

const char fuzz_known_bad[] = "r7k2m";

void fuzz_one(struct mem *mem, const char *bytes, size_t count)
{
    (void)count;
    static const struct config config = {.base_url = "https://essaim.test"};
    const struct app app = {.config = &config};
    const struct http_header header = {"Cookie", bytes};
    const struct http_request http = {.headers = &header, .headers_count = 1};
    struct request *rq = MEM_NEW(mem, struct request);
    rq->http = &http;
    rq->work.app = &app;
    rq->work.mem = mem;
    const char *token = request_cookie(rq, LOGIN_COOKIE);
    fuzz_check(token && !strchr(token, ';'), "a cookie ends where the next begins");
    fuzz_seen(mem, token);
    fuzz_seen(mem, request_cookie(rq, "lang"));
}
