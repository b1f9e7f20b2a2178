/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* E-mail addresses: which are plausible, and when two are the same. Strict where an address could
 * mean something else to a mail server (quotes, spaces, a second '@'); whether a mailbox is there
 * only a mail to it can tell. Source: RFC 5321, section 4.1.2; host names by RFC 1123 and IDNA. */
#include "sys/mail.h"

#include <assert.h>
#include <glib.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/mail_local.h"

enum { LOCAL_BYTES_MAX = 64, LABEL_BYTES_MAX = 63, HOST_BYTES_MAX = 253 };

static const char atom_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                   "!#$%&'*+-/=?^_`{|}~";
static const char label_letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

/* `count` bytes are words of those letters, of 1..word_max bytes, with single dots between them. */
static bool is_dotted(const char *text, size_t count, const char *letters, size_t word_max)
{
    const char *end = text + count;
    for (;;) {
        size_t length = strspn(text, letters);
        if (length == 0 || length > word_max)
            return false;
        text += length;
        if (text >= end)
            return text == end;
        if (*text++ != '.')
            return false;
    }
}

/* No label of a host name begins or ends with a hyphen. */
static bool has_loose_hyphen(const char *host)
{
    return *host == '-' || strstr(host, ".-") || strstr(host, "-.") ||
           host[strlen(host) - 1] == '-';
}

static bool is_ascii(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}

/* The host as servers know it: in lower case and ASCII ("xn--…"), or NULL when it is none. */
static const char *host_normal(struct mem *mem, const char *host)
{
    if (strlen(host) > HOST_BYTES_MAX)
        return NULL;
    const char *normal = str_lower(mem, host);
    if (!is_ascii(host)) {
        char *ascii = utf8_is_valid(host, strlen(host)) ? g_hostname_to_ascii(host) : NULL;
        if (!ascii)
            return NULL;
        normal = str_lower(mem, ascii);
        g_free(ascii);
    }
    size_t count = strlen(normal);
    if (count > HOST_BYTES_MAX || !is_dotted(normal, count, label_letters, LABEL_BYTES_MAX) ||
        has_loose_hyphen(normal))
        return NULL;
    return normal;
}

/* The part before '@' is plausible. */
static bool has_valid_local(const char *address, const char *at)
{
    return at - address <= LOCAL_BYTES_MAX &&
           is_dotted(address, (size_t)(at - address), atom_letters, LOCAL_BYTES_MAX);
}

const char *mail_address_ascii(struct mem *mem, const char *address)
{
    const char *at = strchr(address, '@');
    if (!at || strlen(address) > EMAIL_BYTES_MAX || !has_valid_local(address, at))
        return NULL;
    const char *host = host_normal(mem, at + 1);
    if (!host || (size_t)(at + 1 - address) + strlen(host) > EMAIL_BYTES_MAX)
        return NULL;
    return is_ascii(address) ? address
                             : mem_printf(mem, "%.*s@%s", (int)(at - address), address, host);
}

/* In ASCII a host may be longer, and that is what mails are sent to. */
bool mail_address_is_valid(const char *address)
{
    assert(address);
    struct mem *mem = mem_new(EMAIL_BYTES_MAX * 8);
    bool valid = mail_address_ascii(mem, address) != NULL;
    mem_free(mem);
    return valid;
}

/* An address in lower case and ASCII; NULL: its host is none. */
static const char *address_normal(struct mem *mem, const char *address)
{
    const char *lower = str_lower(mem, address);
    const char *at = strchr(lower, '@');
    const char *host = at ? host_normal(mem, at + 1) : NULL;
    return host ? mem_printf(mem, "%.*s@%s", (int)(at - lower), lower, host) : NULL;
}

const char *mail_address_normal(struct mem *mem, const char *address)
{
    const char *trimmed = str_trim(mem, address);
    const char *normal = address_normal(mem, trimmed);
    return normal ? normal : str_lower(mem, trimmed);
}

/* `host` is `domain`, or lies below it. */
static bool is_below(const char *host, const char *domain)
{
    size_t length = strlen(host);
    size_t count = strlen(domain);
    return length >= count && str_equal_nocase(host + length - count, domain) &&
           (length == count || host[length - count - 1] == '.');
}

bool mail_address_is_reserved(const char *address)
{
    static const char *const domains[] = {"test",        "example",     "invalid",    "localhost",
                                          "example.com", "example.net", "example.org"};
    const char *at = strrchr(address, '@');
    for (size_t i = 0; at && i < sizeof domains / sizeof *domains; i++)
        if (is_below(at + 1, domains[i]))
            return true;
    return false;
}
