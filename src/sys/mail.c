/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Composes mails with GMime: a text and its HTML twin, and sometimes a calendar. Everything is sent
 * as printable ASCII in short lines, so that no server on the way changes it. What people typed
 * into names and subjects loses its control characters here, before the library sees it: no text
 * can begin a header of its own. */
#include "sys/mail.h"

#include <assert.h>
#include <gmime/gmime.h>
#include <pthread.h>

#include "base/mem.h"
#include "base/str.h"
#include "sys/mail_local.h"

/* The classes of parts are made at once: the library's macros look into them wherever a part is
 * asked what it is, and two threads may meet the first one. */
static void library_start(void)
{
    g_mime_init();
    g_type_class_ref(GMIME_TYPE_TEXT_PART);
    g_type_class_ref(GMIME_TYPE_MULTIPART);
    g_type_class_ref(GMIME_TYPE_MESSAGE_PART);
}

void mail_library_start(void)
{
    /* Outside of the app: the library keeps tables of its own. */
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, library_start);
}

/* A new string: `text` in one line. No-break spaces stay: French has one before "!". */
static const char *one_line(struct mem *mem, const char *text)
{
    char *line = mem_strdup(mem, text);
    for (char *c = line; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = ' ';
    return line;
}

static GMimeObject *part_new(const char *subtype, const char *content,
                             GMimeContentEncoding encoding)
{
    GMimePart *part = g_mime_part_new_with_type("text", subtype);
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(content, strlen(content));
    GMimeDataWrapper *wrapper =
        g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
    g_mime_part_set_content(part, wrapper);
    g_mime_part_set_content_encoding(part, encoding);
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
    g_object_unref(wrapper);
    g_object_unref(stream);
    return GMIME_OBJECT(part);
}

/* In base64: its line ends are part of it, and must arrive as they are. The method is said outside
 * as it is inside, where no text can begin a line. Source: RFC 6047, section 2.4 */
static GMimeObject *calendar_new(const char *calendar)
{
    GMimeObject *part = part_new("calendar", calendar, GMIME_CONTENT_ENCODING_BASE64);
    bool cancels = strstr(calendar, "\r\nMETHOD:CANCEL\r\n");
    g_mime_object_set_content_type_parameter(part, "method", cancels ? "CANCEL" : "PUBLISH");
    g_mime_object_set_disposition(part, GMIME_DISPOSITION_ATTACHMENT);
    g_mime_part_set_filename(GMIME_PART(part), "invite.ics");
    return part;
}

/* A new multipart, which takes over the two parts. */
static GMimeObject *multipart_new(const char *subtype, GMimeObject *first, GMimeObject *second)
{
    GMimeMultipart *multipart = g_mime_multipart_new_with_subtype(subtype);
    g_mime_multipart_add(multipart, first);
    g_mime_multipart_add(multipart, second);
    g_object_unref(first);
    g_object_unref(second);
    return GMIME_OBJECT(multipart);
}

static GMimeObject *body_new(const struct mail *mail)
{
    GMimeObject *body = multipart_new(
        "alternative", part_new("plain", mail->text, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE),
        part_new("html", mail->html, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE));
    return mail->calendar ? multipart_new("mixed", body, calendar_new(mail->calendar)) : body;
}

static void mailbox_add(struct mem *mem, GMimeMessage *message, GMimeAddressType type,
                        const char *name, const char *address)
{
    assert(mail_address_is_valid(address));
    g_mime_message_add_mailbox(message, type, name ? one_line(mem, name) : NULL, address);
}

/* One click is for https alone: RFC 8058, 3.1. */
static void unsubscribe_set(struct mem *mem, GMimeObject *object, const char *url)
{
    static const char name[] = "List-Unsubscribe";
    g_mime_object_set_header(object, name, "", NULL);
    /* As it is: the library would take an address for a long word, and encode it. */
    g_mime_header_set_raw_value(
        g_mime_header_list_get_header(g_mime_object_get_header_list(object), name),
        mem_printf(mem, " <%s>\n", one_line(mem, url)));
    if (str_starts(url, "https://"))
        g_mime_object_set_header(object, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click",
                                 NULL);
}

static void headers_set(struct mem *mem, GMimeMessage *message, const struct mail *mail)
{
    mailbox_add(mem, message, GMIME_ADDRESS_TYPE_FROM, mail->from_name, mail->from_address);
    mailbox_add(mem, message, GMIME_ADDRESS_TYPE_TO, mail->to_name, mail->to_address);
    if (mail->reply_to)
        mailbox_add(mem, message, GMIME_ADDRESS_TYPE_REPLY_TO, mail->reply_to_name, mail->reply_to);
    g_mime_message_set_subject(message, one_line(mem, mail->subject), "utf-8");
    g_mime_message_set_message_id(message, one_line(mem, mail->message_id));
    GDateTime *date = g_date_time_new_from_unix_utc(mail->date_at);
    g_mime_message_set_date(message, date);
    g_date_time_unref(date);
    GMimeObject *object = GMIME_OBJECT(message);
    g_mime_object_set_header(object, "Auto-Submitted", "auto-generated", NULL);
    if (mail->lang)
        g_mime_object_set_header(object, "Content-Language", one_line(mem, mail->lang), NULL);
    if (mail->unsubscribe_url)
        unsubscribe_set(mem, object, mail->unsubscribe_url);
}

/* The message as bytes on `mem`. */
static const char *message_write(struct mem *mem, GMimeMessage *message, size_t *ret_count)
{
    GMimeFormatOptions *options = g_mime_format_options_new();
    g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_DOS);
    GMimeStream *stream = g_mime_stream_mem_new();
    g_mime_object_write_to_stream(GMIME_OBJECT(message), options, stream);
    const GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    const char *result = mem_strndup(mem, (const char *)bytes->data, bytes->len);
    *ret_count = bytes->len;
    g_object_unref(stream);
    g_mime_format_options_free(options);
    return result;
}

const char *mail_compose(struct mem *mem, const struct mail *mail, size_t *ret_count)
{
    assert(mail && mail->subject && mail->message_id && mail->text && mail->html && ret_count);
    mail_library_start();
    GMimeMessage *message = g_mime_message_new(TRUE);
    headers_set(mem, message, mail);
    GMimeObject *body = body_new(mail);
    g_mime_message_set_mime_part(message, body);
    g_object_unref(body);
    const char *bytes = message_write(mem, message, ret_count);
    g_object_unref(message);
    return bytes;
}
