/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The vet: refuses request heads on which two programs could disagree, since a proxy that reads a
 * message otherwise than we do can be made to pass one request inside another. libmicrohttpd 0.9.75
 * takes the first of two Content-Lengths, a Content-Length beside a Transfer-Encoding, names with
 * spaces and two Hosts: this is where they end. Pure functions on text: no sockets, no library, no
 * memory. */
#include "sys/http_local.h"

#include <stddef.h>
#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "sys/http.h"

enum { BAD_REQUEST = 400, BODY_TOO_LARGE = 413, HEAD_TOO_LARGE = 431 };
enum { HOST_BYTES_MAX = 255, PORT_DIGITS_MAX = 5 };

/* What the headers say about the message itself. */
struct framing {
    int hosts;
    int lengths;
    int encodings;
    int64_t length;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* RFC 9110, section 5.6.2. */
static bool is_token(const char *text)
{
    for (const char *p = text; *p; p++)
        if (!is_letter(*p) && *p != '-' && !is_digit(*p) && !strchr("!#$%&'*+.^_`|~", *p))
            return false;
    return *text != '\0';
}

/* Visible characters, spaces, tabs, and bytes above ASCII, which old clients send. */
static bool is_field_value(const char *text)
{
    for (const char *p = text; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if ((c < ' ' && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

/* The raw target: a path of this server in visible ASCII. An encoded NUL would end the path early
 * in whatever decodes it. */
static bool is_target(const char *text)
{
    if (!text || text[0] != '/')
        return false;
    for (const char *p = text; *p; p++)
        if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f)
            return false;
    return !strstr(text, "%00");
}

static const char *skip_address(const char *p)
{
    if (*p == '[') {
        p++;
        p += strspn(p, "0123456789abcdefABCDEF:.");
        return *p == ']' ? p + 1 : NULL;
    }
    const char *start = p;
    while (is_letter(*p) || is_digit(*p) || *p == '-' || *p == '.' || *p == '_')
        p++;
    return p > start ? p : NULL;
}

/* A name or an address, and perhaps a port. */
static bool is_host(const char *text)
{
    if (strlen(text) > HOST_BYTES_MAX)
        return false;
    const char *p = skip_address(text);
    if (!p)
        return false;
    if (*p != ':')
        return *p == '\0';
    size_t digits = strspn(p + 1, "0123456789");
    return digits > 0 && digits <= PORT_DIGITS_MAX && p[1 + digits] == '\0';
}

/* Digits alone; what has too many of them to count is as large as can be said. */
static bool read_length(const char *text, int64_t *ret_length)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || text[digits] != '\0')
        return false;
    if (!str_to_int(text, ret_length))
        *ret_length = INT64_MAX;
    return true;
}

/* Counts and reads the headers that frame the message; false: one of them is not acceptable at all.
 */
static bool framing_add(struct framing *framing, const struct http_header *header)
{
    if (!is_token(header->name) || !is_field_value(header->value))
        return false;
    if (str_equal_nocase(header->name, "Host")) {
        framing->hosts++;
        return is_host(header->value);
    }
    if (str_equal_nocase(header->name, "Content-Length")) {
        framing->lengths++;
        return read_length(header->value, &framing->length);
    }
    if (str_equal_nocase(header->name, "Transfer-Encoding")) {
        framing->encodings++;
        return str_equal_nocase(header->value, "chunked");
    }
    return true;
}

static bool framing_is_sound(const struct framing *framing, bool is_1_1)
{
    if (framing->hosts != 1 || framing->lengths > 1 || framing->encodings > 1)
        return false;
    return framing->encodings == 0 || (is_1_1 && framing->lengths == 0);
}

int http_vet(const struct http_head *head, int64_t *ret_body_bytes)
{
    bool is_1_1 = strcmp(head->version, "HTTP/1.1") == 0;
    if (!is_1_1 && strcmp(head->version, "HTTP/1.0") != 0)
        return BAD_REQUEST;
    if (!is_token(head->method) || !is_target(head->target))
        return BAD_REQUEST;
    if (head->headers_count > HTTP_HEADERS_MAX)
        return HEAD_TOO_LARGE;
    struct framing framing = {0};
    for (int i = 0; i < head->headers_count; i++)
        if (!framing_add(&framing, &head->headers[i]))
            return BAD_REQUEST;
    if (!framing_is_sound(&framing, is_1_1))
        return BAD_REQUEST;
    if (framing.length > HTTP_BODY_BYTES_MAX)
        return BODY_TOO_LARGE;
    *ret_body_bytes = framing.encodings > 0 ? HTTP_BODY_CHUNKED : framing.length;
    return 0;
}
