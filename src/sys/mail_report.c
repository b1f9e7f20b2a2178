/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reads delivery reports with GMime. Anybody may write to the address where mails come back, so all
 * of it is a stranger's: only a multipart/report about a delivery that failed counts, and only one
 * that nobody is to answer (an empty Return-Path, where there is one). Who may say that a mail came
 * back is decided elsewhere, by the address. Source: RFC 3464; RFC 3463 for the status. */
#include "sys/mail_report.h"

#include <gmime/gmime.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "sys/mail_local.h"

enum { REPORT_PARTS_MAX = 64, STATUS_BYTES_MAX = 64 * 1024 };

/* The fields of one recipient. */
struct fate {
    const char *action;
    const char *status;
    const char *diagnostic;
};

/* The value of the field that begins at `line`, folds undone; NULL: it is another field. */
static const char *field_value(struct mem *mem, const char *line, const char *name)
{
    size_t length = strlen(name);
    if (g_ascii_strncasecmp(line, name, length) != 0 || line[length] != ':')
        return NULL;
    const char *start = line + length + 1;
    const char *end = start;
    do {
        end += strcspn(end, "\n");
        end += *end == '\n';
    } while (*end == ' ' || *end == '\t');
    char *value = mem_strndup(mem, start, (size_t)(end - start));
    for (char *c = value; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = ' ';
    return str_trim(mem, value);
}

static void fate_take(struct mem *mem, struct fate *fate, const char *line)
{
    const char *value;
    if ((value = field_value(mem, line, "Action")))
        fate->action = value;
    else if ((value = field_value(mem, line, "Status")))
        fate->status = value;
    else if ((value = field_value(mem, line, "Diagnostic-Code")))
        fate->diagnostic = value;
}

static bool is_failure(const struct fate *fate)
{
    return fate->action && str_equal_nocase(fate->action, "failed");
}

/* The first recipient whose mail failed; a blank line is between two. False: there is none. */
static bool failed_fate(struct mem *mem, const char *text, struct fate *ret_fate)
{
    struct fate fate = {0};
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        bool is_blank = strspn(line, " \t\r") == length;
        if (is_blank && is_failure(&fate))
            break;
        if (is_blank)
            fate = (struct fate){0};
        else
            fate_take(mem, &fate, line);
        line += length + (line[length] == '\n');
    }
    *ret_fate = fate;
    return is_failure(&fate);
}

/* "5.1.1": for good, unless the mailbox is full, or it is about us (RFC 3463: x.2.2, x.7). */
static bool is_for_good(const struct fate *fate)
{
    return fate->status && str_starts(fate->status, "5.") && !str_starts(fate->status, "5.2.2") &&
           !str_starts(fate->status, "5.7.");
}

/* "smtp; 550 5.1.1 No such user" without its type; else the status. */
static const char *fate_words(struct mem *mem, const struct fate *fate)
{
    const char *words = fate->diagnostic ? fate->diagnostic : fate->status;
    const char *semicolon = fate->diagnostic ? strchr(words, ';') : NULL;
    words = semicolon ? semicolon + 1 : words;
    char line[SMTP_WORDS_BYTES_MAX];
    str_line(line, sizeof line, words ? words : "");
    return str_trim(mem, line);
}

/* The part's bytes as text, up to the maximum. */
static const char *part_content(struct mem *mem, GMimePart *part)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    if (!content)
        return "";
    GMimeStream *stream = g_mime_stream_mem_new();
    g_mime_data_wrapper_write_to_stream(content, stream);
    const GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    size_t count = bytes->len < STATUS_BYTES_MAX ? bytes->len : STATUS_BYTES_MAX;
    const char *text = mem_strndup(mem, (const char *)bytes->data, count);
    g_object_unref(stream);
    return text;
}

/* The part that says what became of each recipient, of a report's parts; NULL: none. */
static const char *status_text(struct mem *mem, GMimeObject *body)
{
    GMimeContentType *type = body ? g_mime_object_get_content_type(body) : NULL;
    if (!type || !g_mime_content_type_is_type(type, "multipart", "report") ||
        !GMIME_IS_MULTIPART(body))
        return NULL;
    GMimeMultipart *multipart = GMIME_MULTIPART(body);
    int count = g_mime_multipart_get_count(multipart);
    for (int i = 0; i < count && count <= REPORT_PARTS_MAX; i++) {
        GMimeObject *part = g_mime_multipart_get_part(multipart, i);
        GMimeContentType *own = g_mime_object_get_content_type(part);
        bool is_status = g_mime_content_type_is_type(own, "message", "delivery-status") ||
                         g_mime_content_type_is_type(own, "message", "global-delivery-status");
        if (is_status && GMIME_IS_PART(part))
            return part_content(mem, GMIME_PART(part));
    }
    return NULL;
}

/* The address in a header of the message; NULL: there is none. */
static const char *header_address(struct mem *mem, GMimeMessage *message, const char *name)
{
    const char *value = g_mime_object_get_header(GMIME_OBJECT(message), name);
    InternetAddressList *list = value ? internet_address_list_parse(NULL, value) : NULL;
    InternetAddress *first = list && internet_address_list_length(list) > 0
                                 ? internet_address_list_get_address(list, 0)
                                 : NULL;
    const char *address = first && INTERNET_ADDRESS_IS_MAILBOX(first)
                              ? internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(first))
                              : NULL;
    const char *copy = address ? mem_strdup(mem, address) : NULL;
    if (list)
        g_object_unref(list);
    return copy;
}

/* Nobody's mail that wants no answer: a report is sent from no address. Postfix calls that
 * "<MAILER-DAEMON>" where it pipes a mail (pipe(8): null_sender). */
static bool is_to_be_answered(struct mem *mem, GMimeMessage *message)
{
    const char *header = g_mime_object_get_header(GMIME_OBJECT(message), "Return-Path");
    const char *path = header ? str_trim(mem, header) : "";
    return !str_is_empty(path) && !str_equal(path, "<>") &&
           !str_equal_nocase(path, "<MAILER-DAEMON>");
}

static const struct mail_report *report_of(struct mem *mem, GMimeMessage *message)
{
    static const char *const headers[] = {"X-Original-To", "Delivered-To", "To"};
    struct fate fate;
    const char *status = status_text(mem, g_mime_message_get_mime_part(message));
    if (!status || is_to_be_answered(mem, message) || !failed_fate(mem, status, &fate))
        return NULL;
    struct mail_report *report = MEM_NEW(mem, struct mail_report);
    for (size_t i = 0; i < sizeof headers / sizeof *headers && !report->to; i++)
        report->to = header_address(mem, message, headers[i]);
    report->to = report->to ? report->to : "";
    report->is_for_good = is_for_good(&fate);
    report->words = fate_words(mem, &fate);
    return report;
}

const struct mail_report *mail_report_read(struct mem *mem, const char *bytes, size_t count)
{
    GMimeMessage *message = mail_message_new(bytes, count);
    const struct mail_report *report = message ? report_of(mem, message) : NULL;
    if (message)
        g_object_unref(message);
    return report;
}
