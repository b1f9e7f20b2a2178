/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Heads of requests: those that pass can be read in one way only. An input is a head as it comes
 * over the wire. */
#include <stdint.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "fuzz/fuzz.h"
#include "sys/http.h"
#include "sys/http_local.h"

const char fuzz_known_bad[] = "a body of 17";

enum { LINES_MAX = HTTP_HEADERS_MAX + 2 };

/* The next line without its end; NULL: there is none. */
static char *next_line(char **at)
{
    char *line = strsep(at, "\n");
    size_t count = line ? strlen(line) : 0;
    if (count > 0 && line[count - 1] == '\r')
        line[count - 1] = '\0';
    return line;
}

static int count_named(const struct http_head *head, const char *name)
{
    int count = 0;
    for (int i = 0; i < head->headers_count; i++)
        count += str_equal_nocase(head->headers[i].name, name);
    return count;
}

static void check_accepted(const struct http_head *head, int64_t body_bytes)
{
    int lengths = count_named(head, "Content-Length");
    int encodings = count_named(head, "Transfer-Encoding");
    fuzz_check(count_named(head, "Host") == 1, "there is one Host");
    fuzz_check(lengths + encodings <= 1, "the body is framed once");
    fuzz_check(head->target && head->target[0] == '/', "the target is a path");
    fuzz_check(body_bytes <= HTTP_BODY_BYTES_MAX, "the body has its bound");
    fuzz_check((body_bytes == HTTP_BODY_CHUNKED) == (encodings == 1), "chunked is what says so");
}

void fuzz_one(struct mem *mem, const char *bytes, size_t count)
{
    struct http_header headers[LINES_MAX];
    char *at = mem_strndup(mem, bytes, count);
    char *first = next_line(&at);
    struct http_head head = {.headers = headers};
    head.method = strsep(&first, " ");
    head.target = strsep(&first, " ");
    head.version = first ? first : "";
    for (char *line; head.headers_count < LINES_MAX && (line = next_line(&at)) && *line;) {
        char *value = line;
        headers[head.headers_count].name = strsep(&value, ":");
        headers[head.headers_count].value = value ? value + strspn(value, " \t") : "";
        head.headers_count++;
    }
    int64_t body_bytes = 0;
    if (http_vet(&head, &body_bytes) != 0)
        return;
    check_accepted(&head, body_bytes);
    fuzz_seen(mem, mem_printf(mem, "a body of %lld", (long long)body_bytes));
}
