/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Mails as they leave, whatever stands in names, subjects and texts: every line is short and ASCII,
 * no text begins a header, and what went in is read back. */
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "fuzz/fuzz.h"
#include "sys/mail.h"

const char fuzz_known_bad[] = "Réunion";

enum { HEADERS = 8, HEADER_CHARS_MAX = 76 };

/* A new string: with line feeds where there are CRLFs. */
static const char *with_line_feeds(struct mem *mem, const char *text)
{
    char *all = mem_strdup(mem, text);
    char *to = all;
    for (; *text; text++)
        if (*text != '\r' || text[1] != '\n')
            *to++ = *text;
    *to = '\0';
    return all;
}

static void check_lines(const char *bytes)
{
    const char *body = strstr(bytes, "\r\n\r\n");
    int headers = 0;
    while (*bytes) {
        size_t length = strcspn(bytes, "\r\n");
        fuzz_check(length <= HEADER_CHARS_MAX, "a line is short");
        for (size_t i = 0; i < length; i++)
            fuzz_check((bytes[i] >= ' ' && bytes[i] <= '~') || bytes[i] == '\t', "all is ASCII");
        headers += bytes <= body && bytes[0] != ' ';
        bytes += length;
        fuzz_check(str_starts(bytes, "\r\n"), "a line ends with CRLF");
        bytes += 2;
    }
    fuzz_check(headers == HEADERS, "no text is a header");
}

void fuzz_one(struct mem *mem, const char *bytes, size_t count)
{
    if (!utf8_is_valid(bytes, count))
        return;
    const char *message = mail_compose(mem, &(struct mail){
                                                .from_address = "a@example.org",
                                                .to_name = bytes,
                                                .to_address = "b@example.org",
                                                .subject = bytes,
                                                .message_id = "c@example.org",
                                                .text = bytes,
                                                .html = bytes,
                                            });
    fuzz_check(message != NULL, "a short mail is composed");
    check_lines(message);
    const struct mail_read *read = mail_parse(mem, message, strlen(message));
    fuzz_check(read != NULL, "what is composed can be read");
    const char *text = with_line_feeds(mem, bytes);
    fuzz_check(str_equal(read->text, text), "a text is read as it was");
    fuzz_check(str_equal(read->html, text), "HTML is read as it was");
    fuzz_check(!read->attachments, "no text is a part");
    fuzz_check(str_starts(strstr(read->to, "b@example.org"), "b@example.org"), "the reader stays");
    fuzz_seen(mem, read->subject);
}
